/** All parts of the server. Only the HTTP layer takes the whole context; other parts declare which members they need. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authorizer } from './access/authorizer.ts';
import type { Admission } from './admission/admission.ts';
import type { Authenticator } from './authn.ts';
import type { Registry } from './registry/registry.ts';
import type { Signer } from './signing/signer.ts';
import type { Store } from './storage/store.ts';

export interface ServerContext {
  readonly store: Store;
  readonly registry: Registry;
  readonly admission: Admission;
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly signer: Signer;
  /** Answers a request without a token. @returns whether it did. */
  readonly anonymous: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
  readonly gitVersion: string;
  /** Aborts when the server stops, which ends watches and tunnels. */
  readonly stopping: AbortSignal;
  log(line: string): void;
}
