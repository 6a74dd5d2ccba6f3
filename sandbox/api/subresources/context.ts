/** The parts of the server that requests to a pod's kubelet need. */
import type { ServerContext } from '../server-context.ts';

export type KubeletContext = Pick<ServerContext, 'store' | 'stopping'>;
