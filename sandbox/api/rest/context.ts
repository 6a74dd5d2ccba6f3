/** What the verbs on stored kinds need of the server. */
import type { ServerContext } from '../server-context.ts';

export type RestContext = Pick<ServerContext, 'store' | 'admission' | 'registry'>;
