/** What the ways to a pod's kubelet need of the server. */
import type { ServerContext } from '../server-context.ts';

export type KubeletContext = Pick<ServerContext, 'store' | 'stopping'>;
