/** The parts of the server that the verbs on stored kinds need. */
import type { ServerContext } from '../server-context.ts';

export type RestContext = Pick<ServerContext, 'store' | 'admission' | 'registry'>;
