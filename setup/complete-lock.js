/**
 * Adds to `package-lock.json` the optional packages for other platforms that are missing because the registry did not have them;
 * `npm ci` refuses a lock file without them. Run it after `npm install` when the test asks for it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LOCK = join(import.meta.dirname, '..', 'package-lock.json');

/** Optional packages of the lock's packages that have no entry: path to the version required, and whether it is for development. */
export function missingEntries(lock) {
  const missing = new Map();
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const nested = `${path}/node_modules/${name}`;
      const top = `node_modules/${name}`;
      if (!lock.packages[nested] && !lock.packages[top]) missing.set(top, { version, ...(entry.dev && { dev: true }) });
    }
  }
  return missing;
}

/** The platform that a platform package's name stands for. */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const pick = (known) => words.filter((word) => known.includes(word));
  const os = pick([
    'aix',
    'android',
    'darwin',
    'freebsd',
    'linux',
    'netbsd',
    'openbsd',
    'openharmony',
    'sunos',
    'win32',
  ]);
  const cpu = pick(['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']);
  const libc =
    pick(['musl', 'musleabihf']).length > 0 ? ['musl'] : pick(['gnu', 'gnueabihf']).length > 0 ? ['glibc'] : [];
  return { ...(os.length && { os }), ...(cpu.length && { cpu }), ...(libc.length && { libc }) };
}

function complete() {
  const lock = JSON.parse(readFileSync(LOCK, 'utf8'));
  const missing = missingEntries(lock);
  for (const [path, entry] of missing) {
    lock.packages[path] = { ...entry, ...platformOf(path), optional: true };
  }
  const { '': root, ...others } = lock.packages;
  const sorted = Object.entries(others).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = { '': root, ...Object.fromEntries(sorted) };
  writeFileSync(LOCK, `${JSON.stringify(lock, undefined, 2)}\n`);
  console.log(`${missing.size} entries added to package-lock.json`);
}

if (process.argv[1] === import.meta.filename) complete();
