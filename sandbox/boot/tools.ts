/** The programs of this machine that a sandbox needs. */
import { join, resolve } from 'node:path';
import { findTool, isExecutable } from '../runtime/programs.ts';
import { SandboxError } from './error.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');

/** `LABWRIGHT_ENVOY`, else the one the set-up unpacked, else the one on the PATH. @throws {SandboxError} LW-SANDBOX-ENVOY */
export function findEnvoy(): string {
  const named = process.env['LABWRIGHT_ENVOY'];
  if (named !== undefined && named !== '') {
    if (isExecutable(named)) return resolve(named);
    throw new SandboxError('LW-SANDBOX-ENVOY', `LABWRIGHT_ENVOY names ${named}, which is no executable file.`);
  }
  const own = join(REPOSITORY, '.labwright/tools/envoy');
  const found = isExecutable(own) ? own : findTool('envoy');
  if (found !== undefined) return found;
  throw new SandboxError(
    'LW-SANDBOX-ENVOY',
    `The sandbox needs Envoy: there is none at ${own} and none on the PATH.`,
    `node ${join(REPOSITORY, 'setup/index.js')}, or name one with LABWRIGHT_ENVOY`,
  );
}

const PACKAGES: Readonly<Record<string, string>> = {
  unshare: 'util-linux',
  nsenter: 'util-linux',
  mount: 'mount',
  ip: 'iproute2',
  nft: 'nftables',
};

/** @throws {SandboxError} LW-SANDBOX-LINUX, LW-SANDBOX-TOOL */
export function requireTools(): void {
  if (process.platform !== 'linux') {
    throw new SandboxError(
      'LW-SANDBOX-LINUX',
      `The sandbox is made of Linux namespaces; this is ${process.platform}.`,
      'run it inside WSL2 or on a Linux machine',
    );
  }
  const missing = Object.keys(PACKAGES).filter((name) => findTool(name) === undefined);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((name) => PACKAGES[name]))].join(' ');
  throw new SandboxError(
    'LW-SANDBOX-TOOL',
    `The sandbox needs ${missing.join(', ')}, not found on the PATH.`,
    `apt-get install ${packages}`,
  );
}
