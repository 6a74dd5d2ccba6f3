/**
 * Processes that must not outlive who started them hold an IPC channel to it: it closes even on `kill -9`.
 */
const end = () => {
  process.kill(process.pid, 'SIGTERM');
};

/** Ends this process in good order when the one that started it is gone. Does nothing when nobody holds a channel. */
export function endWithParent(): void {
  if (process.channel === undefined || process.channel === null) return;
  process.on('disconnect', end);
  process.channel.unref();
}
