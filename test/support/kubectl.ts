/** How tests call the real kubectl. */
import { dirname, join } from 'node:path';

/**
 * Flags that come before the command. kubectl caches a server's discovery data by address for hours. A sandbox may get the port of an
 * earlier one of another release, so each has its own cache.
 */
export function kubectlFlags(kubeconfig: string): string[] {
  return ['--kubeconfig', kubeconfig, '--cache-dir', join(dirname(kubeconfig), 'kubectl-cache')];
}
