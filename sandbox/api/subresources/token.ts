/** `serviceaccounts/token`: a TokenRequest, answered with a token that is valid on the external listener. */
import { at, fields, listAt, number, text } from '../../../model/fields.ts';
import { timestamp } from '../json.ts';
import { keyOf } from '../registry/kind.ts';
import type { RestRequest, RestResult } from '../rest/request.ts';
import type { ServerContext } from '../server-context.ts';
import { notFound } from '../status.ts';

type TokenContext = Pick<ServerContext, 'store' | 'authenticator'>;

/** The token is valid for `expirationSeconds`, an hour by default. @throws {StatusError} NotFound. */
export async function createToken({ store, authenticator }: TokenContext, request: RestRequest): Promise<RestResult> {
  const { kind, body } = request;
  const name = text(request.name);
  const namespace = text(request.namespace);
  if (store.get(kind.storage, keyOf(namespace, name)) === undefined) throw notFound(kind, name);
  const seconds = number(at(body, 'spec', 'expirationSeconds') ?? 3600);
  const audiences = listAt(body, 'spec', 'audiences').map(text);
  const { token, expires } = authenticator.issue(
    namespace,
    name,
    seconds,
    audiences.length === 0 ? ['https://kubernetes.default.svc'] : audiences,
  );
  const object = {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, creationTimestamp: timestamp() },
    spec: { ...fields(at(body, 'spec')), audiences, expirationSeconds: seconds },
    status: { token, expirationTimestamp: timestamp(expires) },
  };
  return { code: 201, object };
}
