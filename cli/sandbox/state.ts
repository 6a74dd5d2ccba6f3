/**
 * The state files of this user's running sandboxes, for `status` and `down`: one file per name in the user's runtime directory
 * (0700). They hold no token. A file whose process is gone is stale and is removed when it is read.
 */

import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { processStart } from '../../guard/process-start.ts';
import { ownFormat } from '../../model/own-format.ts';
import { CliError, EXIT } from '../failure.ts';

export interface SandboxState {
  readonly name: string;
  readonly server: string;
  readonly kubeconfig: string;
  readonly proxy: string;
  /** Process whose end stops the sandbox. */
  readonly sandbox: number;
  /** Process that holds the sandbox and stops it on SIGTERM. */
  readonly holder: number;
  /** When the holder started, in kernel ticks since boot: distinguishes it from a later process with the same id. */
  readonly holderStart: string;
  /** ISO 8601. */
  readonly since: string;
}

/** @throws {CliError} `LW-SANDBOX-NAME` */
export function checkName(name: string): void {
  // The name becomes part of host names (`apps.<name>.test`) and of paths.
  if (/^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/.test(name)) return;
  const rule = 'lower-case letters, digits and dashes, at most 30';
  throw new CliError(EXIT.usage, 'LW-SANDBOX-NAME', `${JSON.stringify(name)} can’t be a sandbox’s name: ${rule}.`);
}

/** Records a running sandbox. */
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

/** The sandbox with that name, if it is running. */
export function readState(name: string): SandboxState | undefined {
  let state: SandboxState;
  try {
    // Only `writeState` writes it, in a directory that no other user can write to.
    state = ownFormat<SandboxState>(JSON.parse(readFileSync(fileOf(name), 'utf8')));
  } catch {
    return undefined;
  }
  if (isUp(state)) return state;
  removeState(name);
  return undefined;
}

/** All running sandboxes, by name. */
export function readStates(): SandboxState[] {
  const names = readdirSync(stateDirectory()).filter((file) => file.endsWith('.json'));
  const states = names.sort().map((file) => readState(file.slice(0, -'.json'.length)));
  return states.filter((state) => state !== undefined);
}

/** Whether holder and sandbox are still running. */
export function isUp(state: SandboxState): boolean {
  return isHeld(state) && processStart(state.sandbox) !== undefined;
}

/** Whether the holder is still running. */
export function isHeld(state: SandboxState): boolean {
  return processStart(state.holder) === state.holderStart;
}

/** Private, and owned by this user: another user could have created the name under /tmp first. */
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
      `${directory} belongs to another user.`,
      'set XDG_RUNTIME_DIR to a directory that you own',
    );
  }
  chmodSync(directory, 0o700);
  return directory;
}

const fileOf = (name: string) => join(stateDirectory(), `${name}.json`);
