/** What an expression sees as `request`: the AdmissionRequest without its objects. */
import { text } from '../../../model/fields.ts';
import type { Admitted } from './admitted.ts';

/** @returns the AdmissionRequest as a CEL value, for expressions of policies and match conditions. */
export function requestVariable({ request, operation, object, old, dryRun }: Admitted): Record<string, unknown> {
  const { group, version, kind, plural } = request.kind;
  const [byKind, byResource] = [
    { group, version, kind },
    { group, version, resource: plural },
  ];
  const sub = request.subresource ?? '';
  return {
    kind: byKind,
    resource: byResource,
    subResource: sub,
    requestKind: byKind,
    requestResource: byResource,
    requestSubResource: sub,
    name: text((object ?? old)?.metadata.name),
    namespace: request.namespace ?? '',
    operation,
    userInfo: { username: request.user.name, groups: [...request.user.groups] },
    dryRun,
    options: {},
  };
}
