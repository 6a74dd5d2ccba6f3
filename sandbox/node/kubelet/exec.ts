/** `kubectl exec` and `kubectl attach`, behind any protocol. */
import type { ContainerRunner } from '../container.ts';
import { killGroup, spawnInside } from '../exec.ts';
import { type Channels, internalError, outcome, type Wanted } from './channels.ts';

export async function exec(
  runner: ContainerRunner,
  hostNetwork: boolean,
  command: readonly string[],
  wanted: Wanted,
  channels: Channels,
): Promise<void> {
  if (runner.isPlaceholder) {
    const { name, image } = runner.container;
    const what = `container "${name}" stands in for ${image}, which the sandbox does not run`;
    channels.finish(internalError(`${what}: there is nothing to run "${command.join(' ')}" in`));
    return;
  }
  const { process } = runner;
  const inside =
    process && (await spawnInside(process, hostNetwork, { command, tty: wanted.tty, stdin: wanted.stdin }));
  if (inside === undefined) {
    channels.finish(internalError('the container is not running'));
    return;
  }
  const { child, output, exit } = inside;
  if (child.stdin !== null) channels.stdin?.pipe(child.stdin);
  // The client's streams end when the outcome has been sent, not with the program's.
  if (channels.stdout !== undefined) output.stdout.pipe(channels.stdout, { end: false });
  else output.stdout.resume();
  const errors = channels.stderr ?? (wanted.tty ? channels.stdout : undefined);
  if (errors !== undefined) output.stderr.pipe(errors, { end: false });
  else output.stderr.resume();
  child.once('error', (error) => channels.finish(internalError(error.message)));
  void exit.then((status) => channels.finish(outcome(status)));
  channels.onClose(() => killGroup(child));
}

export function attach(runner: ContainerRunner, wanted: Wanted, channels: Channels): void {
  const process = runner.process;
  if (process === undefined) {
    channels.finish(internalError('the container is not running'));
    return;
  }
  const { stdout, stderr } = process.output;
  const { stdin } = process.child;
  const toOut = (chunk: string | Buffer): void => void channels.stdout?.write(chunk);
  const toErr = (chunk: string | Buffer): void => void (channels.stderr ?? channels.stdout)?.write(chunk);
  stdout.on('data', toOut);
  stderr.on('data', toErr);
  if (wanted.stdin && stdin !== null) channels.stdin?.pipe(stdin);
  channels.onClose(() => {
    stdout.off('data', toOut);
    stderr.off('data', toErr);
  });
  void process.exit.then((status) => channels.finish(outcome(status)));
}
