/** Preloaded (`--import`) into the Playwright process: it ends in good order when the command that started it is gone. */

/** The process that holds the leash. Playwright's workers inherit the preload, but are not its children. */
const holder = Number(process.env['LABWRIGHT_LEASH']);

if (process.channel !== undefined && process.channel !== null && process.ppid === holder) {
  // SIGINT is the signal on which Playwright stops its workers and runs its tear-down.
  process.on('disconnect', () => process.kill(process.pid, 'SIGINT'));
  process.channel.unref();
}
