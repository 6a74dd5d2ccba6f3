/** Preloaded (`--import`) into the Playwright process: stops it cleanly when the command that started it is gone. */

/** The process of the command. Playwright's workers inherit the preload, but are not its children. */
const parent = Number(process.env['LABWRIGHT_PARENT_PID']);

if (process.channel !== undefined && process.channel !== null && process.ppid === parent) {
  // On SIGINT Playwright stops its workers and runs its tear-down.
  process.on('disconnect', () => process.kill(process.pid, 'SIGINT'));
  process.channel.unref();
}
