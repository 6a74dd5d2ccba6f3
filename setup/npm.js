/** Installs npm packages exactly as listed in `package-lock.json`. */
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './run.js';

/**
 * Why `node_modules` has to be installed, or undefined if it matches the lock file. npm writes the hidden lock file last, so an
 * interrupted installation counts as missing.
 */
export function npmReason(root) {
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (!installed) return 'node_modules is missing';
  const wanted = packagesOf(join(root, 'package-lock.json')) ?? {};
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.link) continue;
    const have = installed[path];
    // Optional packages may be absent: most are for other platforms.
    if (have ? have.version !== entry.version : !entry.optional && !entry.peer)
      return `${path} is not at ${entry.version}`;
  }
  return undefined;
}

export async function installNpm(root) {
  // The npm of the user's Node, not of node_modules, which is about to be replaced.
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  // No package here needs its install script.
  const [command = 'npm', ...first] = npm;
  const quiet = ['--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  const retries = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=10000'];
  const args = [...first, 'ci', '--ignore-scripts', ...quiet, ...retries];
  await run(command, args, { cwd: root, env: withoutProject(root), shown: 'npm ci' });
}

/** Puts the project's own Node first for npm scripts and npx. npm 11 links it by itself; npm 10 skips a program called `node`. */
export function linkNode(root) {
  const link = join(root, 'node_modules', '.bin', 'node');
  const program = join(`node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(link) || !existsSync(join(root, 'node_modules', program))) return;
  symlinkSync(join('..', program), link);
}

/** PATH without this project's own `node_modules/.bin`: the Node in it disappears while npm runs. */
function withoutProject(root) {
  const own = join(root, 'node_modules', '.bin');
  const path = (process.env.PATH ?? '').split(':').filter((directory) => directory !== own);
  if (!process.execPath.startsWith(root)) path.unshift(dirname(process.execPath));
  return { ...process.env, PATH: path.join(':') };
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
