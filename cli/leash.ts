/** Preloaded (`--import`) into the Playwright process: it ends in good order when the command that started it is gone. */
if (process.channel !== undefined && process.channel !== null) {
  // SIGINT is the signal on which Playwright stops its workers and runs its tear-down.
  process.on('disconnect', () => process.kill(process.pid, 'SIGINT'));
  process.channel.unref();
}
