/** Whether this machine has the real control plane for `--control-plane real`. It is optional, so it is not a problem if it is missing. */
import { findApiPrograms, findIstiod, SandboxError } from '../../sandbox/index.ts';
import { type Finding, ok, warning } from './finding.ts';

const ID = 'control-plane';

export function controlPlaneFinding(): Finding {
  try {
    const { etcd, apiServer, controllerManager } = findApiPrograms();
    const programs = {
      etcd,
      'kube-apiserver': apiServer,
      'kube-controller-manager': controllerManager,
      istiod: findIstiod(),
    };
    const missing = Object.entries(programs).flatMap(([name, path]) => (path === undefined ? [name] : []));
    if (missing.length === 0) return ok(ID, 'the real control plane is installed, for --control-plane real');
    const build = 'npm run build:real builds it, or set KUBEBUILDER_ASSETS and LABWRIGHT_ISTIOD to yours';
    return ok(ID, `no real control plane (${missing.join(', ')}); only --control-plane real needs it: ${build}`);
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    return warning(
      ID,
      error.message,
      '--control-plane real',
      'unset LABWRIGHT_ISTIOD, or set it to the path of pilot-discovery',
    );
  }
}
