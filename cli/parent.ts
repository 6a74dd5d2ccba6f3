/** A process that must not outlive its parent holds an IPC channel to it: the channel closes even on `kill -9`. */
const end = () => {
  process.kill(process.pid, 'SIGTERM');
};

/** Stops this process cleanly when its parent is gone. Does nothing without a channel. */
export function endWithParent(): void {
  if (process.channel === undefined || process.channel === null) return;
  process.on('disconnect', end);
  process.channel.unref();
}
