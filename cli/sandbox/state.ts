/**
 * What `status` and `down` know of the sandboxes this user has up: one file per name in the user's runtime directory
 * (0700). No token is kept here. A file whose process is gone is stale and is removed when seen.
 */
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { processStart } from '../../guard/process-start.ts';
import { CliError, EXIT } from '../failure.ts';

export interface SandboxState {
  readonly name: string;
  readonly server: string;
  readonly kubeconfig: string;
  readonly proxy: string;
  /** Process whose end ends the sandbox. */
  readonly sandbox: number;
  /** Process that holds the sandbox and stops it on SIGTERM. */
  readonly holder: number;
  /** When the holder started, in kernel ticks since boot: tells it from a later process with the same id. */
  readonly holderStart: string;
  /** ISO 8601. */
  readonly since: string;
}

/** @throws {CliError} `LW-SANDBOX-NAME` */
export function checkName(name: string): void {
  // It becomes part of host names (`apps.<name>.test`) and of paths.
  if (/^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/.test(name)) return;
  const rule = 'lower-case letters, digits and dashes, at most 30';
  throw new CliError(EXIT.usage, 'LW-SANDBOX-NAME', `${JSON.stringify(name)} can’t be a sandbox’s name: ${rule}.`);
}

/** Records a sandbox that is up. */
export function writeState(sandbox: Omit<SandboxState, 'holderStart' | 'since'>): void {
  const state: SandboxState = {
    ...sandbox,
    holderStart: processStart(sandbox.holder) ?? '',
    since: new Date().toISOString(),
  };
  const file = fileOf(sandbox.name);
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removeState(name: string): void {
  rmSync(fileOf(name), { force: true });
  for (const end of ['env', 'crt']) rmSync(join(stateDirectory(), `${name}.${end}`), { force: true });
}

/** The sandbox of that name, if it is up. */
export function readState(name: string): SandboxState | undefined {
  let state: SandboxState;
  try {
    // Written by `writeState` alone, in a directory nobody else can write to.
    state = JSON.parse(readFileSync(fileOf(name), 'utf8')) as SandboxState;
  } catch {
    return undefined;
  }
  if (isUp(state)) return state;
  removeState(name);
  return undefined;
}

/** All that are up, by name. */
export function readStates(): SandboxState[] {
  const names = readdirSync(stateDirectory()).filter((file) => file.endsWith('.json'));
  const states = names.sort().map((file) => readState(file.slice(0, -'.json'.length)));
  return states.filter((state) => state !== undefined);
}

/** Whether holder and sandbox still run. */
export function isUp(state: SandboxState): boolean {
  return isHeld(state) && processStart(state.sandbox) !== undefined;
}

/** Whether the holder still runs. */
export function isHeld(state: SandboxState): boolean {
  return processStart(state.holder) === state.holderStart;
}

/** Private, and this user's own: another user could have made the name under /tmp first. */
export function stateDirectory(): string {
  const { uid } = userInfo();
  const directory = process.env['XDG_RUNTIME_DIR']
    ? join(process.env['XDG_RUNTIME_DIR'], 'labwright')
    : join(tmpdir(), `labwright-${uid}`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const stat = lstatSync(directory);
  if (!stat.isDirectory() || stat.uid !== uid) {
    throw new CliError(
      EXIT.notFit,
      'LW-STATE',
      `${directory} belongs to somebody else.`,
      'set XDG_RUNTIME_DIR to a directory of yours',
    );
  }
  chmodSync(directory, 0o700);
  return directory;
}

const fileOf = (name: string) => join(stateDirectory(), `${name}.json`);
