/** The Event that records a field without effect. */
import { createHash } from 'node:crypto';
import type { UnsupportedField } from './unsupported.ts';

/** `kubectl get events -A --field-selector reason=FieldWithoutEffect` lists them. */
export const REASON = 'FieldWithoutEffect';

export interface Subject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly ownerReferences?: readonly { readonly controller?: boolean }[];
  };
}

/** @returns an event without its times and count; one name for each object and field. */
export function eventOf({ apiVersion, kind, metadata }: Subject, { path, message }: UnsupportedField) {
  const { name, namespace, uid } = metadata;
  const id = createHash('sha256').update([kind, uid, path].join(' ')).digest('hex').slice(0, 16);
  return {
    apiVersion: 'v1',
    kind: 'Event',
    // Events about cluster-scoped objects are in `default`.
    metadata: { name: `${name}.${id}`, namespace: namespace ?? 'default' },
    involvedObject: {
      apiVersion,
      kind,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid,
      ...(path === '' ? {} : { fieldPath: path }),
    },
    reason: REASON,
    message,
    source: { component: 'labwright' },
    type: 'Warning',
    eventTime: null,
    reportingComponent: 'labwright',
    reportingInstance: '',
  };
}

/** Whether to warn: parts of the sandbox write on behalf of a user who was warned already. */
export function isForPeople(user: string, { metadata }: Subject): boolean {
  const isPlatform = /^system:(?!serviceaccount:)/.test(user) || user.startsWith('system:serviceaccount:kube-system:');
  // Pods of a Deployment repeat what the Deployment sets.
  return !isPlatform && metadata.ownerReferences?.some((owner) => owner.controller === true) !== true;
}
