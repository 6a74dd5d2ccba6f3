/** `kubectl exec` and `kubectl attach`, behind any protocol. */
import type { ContainerRunner } from '../container.ts';
import { exitStatus } from '../container-process.ts';
import { killGroup, spawnInside } from '../exec.ts';
import { type Channels, internalError, outcome } from './channels.ts';
import type { Wanted } from './streams.ts';

export function exec(
  runner: ContainerRunner,
  hostNetwork: boolean,
  command: readonly string[],
  wanted: Wanted,
  channels: Channels,
): void {
  const child = spawnInside(runner, hostNetwork, { command, tty: wanted.tty, stdin: wanted.stdin });
  if (child === undefined) {
    channels.finish(internalError('the container is not running'));
    return;
  }
  if (channels.stdin !== undefined && child.stdin !== null) {
    // The program may end before its input does.
    child.stdin.on('error', () => undefined);
    channels.stdin.pipe(child.stdin);
  }
  // The client's streams end when the outcome is told, not with the program's.
  if (channels.stdout !== undefined) child.stdout?.pipe(channels.stdout, { end: false });
  else child.stdout?.resume();
  const errors = channels.stderr ?? (wanted.tty ? channels.stdout : undefined);
  if (errors !== undefined) child.stderr?.pipe(errors, { end: false });
  else child.stderr?.resume();
  child.once('error', (error) => channels.finish(internalError(error.message)));
  child.once('close', (code, signal) => channels.finish(outcome(exitStatus(code, signal))));
  channels.onClose(() => killGroup(child));
}

export function attach(runner: ContainerRunner, wanted: Wanted, channels: Channels): void {
  const process = runner.process;
  if (process === undefined) {
    channels.finish(internalError('the container is not running'));
    return;
  }
  const { child } = process;
  const toOut = (chunk: string | Buffer): void => void channels.stdout?.write(chunk);
  const toErr = (chunk: string | Buffer): void => void (channels.stderr ?? channels.stdout)?.write(chunk);
  child.stdout?.on('data', toOut);
  child.stderr?.on('data', toErr);
  if (wanted.stdin && channels.stdin !== undefined && child.stdin !== null) channels.stdin.pipe(child.stdin);
  channels.onClose(() => {
    child.stdout?.off('data', toOut);
    child.stderr?.off('data', toErr);
  });
  void process.exit.then((status) => channels.finish(outcome(status)));
}
