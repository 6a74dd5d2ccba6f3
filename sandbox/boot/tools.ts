/** The programs of this machine that a sandbox needs. */
import { findEnvoy, namedEnvoy } from '../../setup/programs.js';
import { findTool } from '../runtime/programs.ts';
import { SandboxError } from './error.ts';

/** @throws {SandboxError} LW-SANDBOX-ENVOY */
export function requireEnvoy(): string {
  const found = findEnvoy();
  if (found !== undefined) return found;
  const named = namedEnvoy();
  throw named
    ? new SandboxError('LW-SANDBOX-ENVOY', `LABWRIGHT_ENVOY names ${named}, which is not an executable file.`)
    : new SandboxError(
        'LW-SANDBOX-ENVOY',
        'The sandbox needs Envoy: the set-up has fetched none, and there is none on the PATH.',
        'node setup/index.js, or name one with LABWRIGHT_ENVOY',
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
