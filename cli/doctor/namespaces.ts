/** Whether this machine lets the sandbox create its namespaces. It tries to. */
import { existsSync, readFileSync } from 'node:fs';
import { execa } from 'execa';
import { type Finding, ok, problem } from './finding.ts';

const WHY = 'the embedded sandbox, which runs in Linux namespaces';

/** Kernel settings that forbid user namespaces, and the value that allows them. */
const SETTINGS = [
  { file: '/proc/sys/kernel/unprivileged_userns_clone', forbids: (value: number) => value === 0, allow: 1 },
  { file: '/proc/sys/user/max_user_namespaces', forbids: (value: number) => value < 100, allow: 15_000 },
  { file: '/proc/sys/user/max_net_namespaces', forbids: (value: number) => value < 100, allow: 15_000 },
  { file: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns', forbids: (value: number) => value !== 0, allow: 0 },
] as const;

export async function namespaceFinding(): Promise<Finding> {
  if (process.platform !== 'linux') {
    const mend = 'use a Linux machine (WSL2 works), or a real cluster';
    return problem('namespaces', `The sandbox needs Linux; this is ${process.platform}`, WHY, mend);
  }
  const failure = await tryUnshare(['--user', '--map-root-user', '--net', '--mount', '--pid', '--fork']);
  if (failure === undefined) return ok('namespaces', 'User and network namespaces can be created');
  if (process.getuid?.() === 0 && (await tryUnshare(['--net', '--mount', '--pid', '--fork'])) === undefined) {
    return ok('namespaces', 'Network namespaces can be created (as root, without user namespaces)');
  }
  return problem('namespaces', `Namespaces can’t be created: ${failure}`, WHY, settingToChange());
}

/** @returns the kernel's error, undefined if it worked. */
async function tryUnshare(flags: readonly string[]): Promise<string | undefined> {
  const result = await execa('unshare', [...flags, 'true'], { reject: false, timeout: 10_000 });
  if (result.exitCode === 0) return undefined;
  return result.stderr.trim() || result.shortMessage || 'unknown reason';
}

function settingToChange(): string {
  for (const { file, forbids, allow } of SETTINGS) {
    if (!existsSync(file)) continue;
    const value = Number(readFileSync(file, 'utf8'));
    const name = file.replace('/proc/sys/', '').replaceAll('/', '.');
    if (forbids(value))
      return `sudo sysctl -w ${name}=${allow}   (it is ${value}; to keep the change, put it in /etc/sysctl.d)`;
  }
  return 'in a container, start it with --security-opt seccomp=unconfined (Docker) or --privileged; otherwise run as root';
}
