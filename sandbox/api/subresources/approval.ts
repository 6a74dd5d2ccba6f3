/** `certificatesigningrequests/approval`, for `kubectl certificate approve` and `deny`. Approval signs the request. */
import { at, recordsAt, text } from '../../../model/fields.ts';
import { clone } from '../json.ts';
import { keyOf } from '../registry/kind.ts';
import { get } from '../rest/read.ts';
import type { RestRequest, RestResult } from '../rest/request.ts';
import { patch, replace } from '../rest/update.ts';
import type { ServerContext } from '../server-context.ts';
import { forbidden, methodNotAllowed } from '../status.ts';
import type { ApiObject } from '../types.ts';

export async function approve(context: ServerContext, request: RestRequest): Promise<RestResult> {
  if (request.verb === 'get') return get(context.store, request);
  if (request.verb !== 'update' && request.verb !== 'patch') throw methodNotAllowed();
  const key = keyOf(undefined, text(request.name));
  requireSigner(context, request, context.store.get(request.kind.storage, key)?.object);
  const result = await (request.verb === 'update' ? replace : patch)(context, request);
  const entry = context.store.get(request.kind.storage, key);
  if (entry === undefined || request.query.has('dryRun') || !awaitsSignature(entry.object)) return result;
  const signed = await context.signer.sign(clone(entry.object));
  // Do not overwrite a change that was made meanwhile.
  if (context.store.get(request.kind.storage, key) === entry) context.store.put(request.kind.storage, key, signed);
  return result;
}

/** Approval needs the permission `approve` for the signer. */
function requireSigner({ authorizer }: ServerContext, request: RestRequest, object: ApiObject | undefined): void {
  const { user, kind } = request;
  const signer = text(at(object, 'spec', 'signerName'));
  const names = [signer, `${signer.split('/')[0]}/*`];
  const resource = { group: kind.group, version: kind.version, resource: 'signers', subresource: '', namespace: '' };
  if (names.some((name) => authorizer.allows({ user, attributes: { ...resource, verb: 'approve', name } }))) return;
  const why = `user not permitted to approve requests with signerName ${JSON.stringify(signer)}`;
  throw forbidden(kind, text(request.name), why);
}

function awaitsSignature(object: ApiObject): boolean {
  const types = recordsAt(object, 'status', 'conditions').map(({ type }) => type);
  return types.includes('Approved') && !types.includes('Denied') && at(object, 'status', 'certificate') === undefined;
}
