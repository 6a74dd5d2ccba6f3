/** The kubectls that tests use: the system's, the current one that setup fetches, and the one built with the real control plane. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { kubectlFolder } from '../../setup/kubectl.js';
import { findCommand } from '../../setup/programs.js';

export interface Kubectl {
  /** The name with the version. */
  readonly name: string;
  /** `v1.37` */
  readonly version: string;
  readonly program: string;
}

const ROOT = join(import.meta.dirname, '..', '..');

function kubectlAt(program: string | undefined, whose: string): readonly Kubectl[] {
  if (program === undefined) return [];
  const { status, stdout } = spawnSync(program, ['version', '--client'], { encoding: 'utf8' });
  const [, version = 'unknown'] = /v(\d+\.\d+)/.exec(stdout ?? '') ?? [];
  return status === 0 ? [{ name: `${whose} kubectl ${version}`, version: `v${version}`, program }] : [];
}

/** The kubectls installed on this machine. */
export const KUBECTLS: readonly Kubectl[] = [
  ...kubectlAt(findCommand('kubectl'), 'the system’s'),
  ...kubectlAt(join(kubectlFolder(ROOT), 'kubectl'), 'the set-up’s'),
  ...kubectlAt(join(ROOT, '.labwright', 'control-plane', 'bin', 'kubectl'), 'the real control plane’s'),
];
