/** How tests call the real kubectl. */
import { dirname, join } from 'node:path';

/**
 * Flags that come before the command. kubectl keeps what a server offers by its address, for hours, in the home directory; a
 * sandbox may get a port that one of another release had, so each has a cache of its own.
 */
export function kubectlFlags(kubeconfig: string): string[] {
  return ['--kubeconfig', kubeconfig, '--cache-dir', join(dirname(kubeconfig), 'kubectl-cache')];
}
