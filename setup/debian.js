/** Installs Debian packages with apt, without letting them start system services. */
import { spawnSync } from 'node:child_process';
import { findCommand } from './programs.js';
import { run, SetupError } from './run.js';

/** The command to run by hand instead. */
export function aptCommand(packages) {
  return `sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/** How this process can become root: [] if it is root, ['sudo', '-n'] if sudo needs no password, undefined if it can't. */
export function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  if (!findCommand('sudo')) return undefined;
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined;
}

/**
 * `policy-rc.d` is Debian's way to keep packages from starting services; an existing one is restored. A newly installed server must
 * not start at the next boot either.
 */
const SCRIPT = `
set -e
policy=/usr/sbin/policy-rc.d
saved=$(mktemp -u /usr/sbin/policy-rc.d.XXXXXX)
restore() { rm -f "$policy"; [ ! -e "$saved" ] || mv "$saved" "$policy"; }
trap restore EXIT
trap 'exit 130' INT TERM
[ ! -e "$policy" ] || mv "$policy" "$saved"
printf '#!/bin/sh\\nexit 101\\n' >"$policy"
chmod 755 "$policy"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq -o DPkg::Lock::Timeout=120
apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@"
for package in "$@"; do
  case $package in
    redis-server | nftables)
      if [ -d /etc/systemd/system ] && command -v systemctl >/dev/null; then
        systemctl --quiet disable "$package.service" || true
      fi ;;
  esac
done
`;

/** @param prefix what {@link rootPrefix} returned. */
export async function installDebian(packages, prefix) {
  const [command = 'sh', ...args] = [...prefix, 'sh', '-c', SCRIPT, 'set-up', ...packages];
  try {
    await run(command, args, { shown: `apt-get install ${packages.join(' ')}` });
  } catch (error) {
    if (error instanceof SetupError) error.message += `\n  Run it yourself: ${aptCommand(packages)}`;
    throw error;
  }
}
