/** Kubernetes' ServiceAccount admission: a new pod's account must exist, and the account's token is mounted. */

import { randomInt } from 'node:crypto';
import { at, type Fields, items, records, text } from '../../../model/fields.ts';
import { editable, ensure, type MutableFields } from '../json.ts';
import { keyOf } from '../registry/kind.ts';
import { forbidden } from '../status.ts';
import type { Store } from '../storage/store.ts';
import type { Admitted } from './admitted.ts';

/** The path where client libraries look for the token. */
const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Kubernetes names generated volumes with these. */
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';
const DEFAULT = 'default';

/** Changes a pod that is being created. @throws {StatusError} when its account does not exist. */
export function admitServiceAccount(store: Store, { request, operation, object: pod }: Admitted): void {
  const { kind } = request;
  if (operation !== 'CREATE' || pod === undefined || kind.group !== '' || kind.plural !== 'pods') return;
  const spec = ensure(pod, 'spec');
  const name = text(spec['serviceAccountName']) || DEFAULT;
  const namespace = text(pod.metadata.namespace);
  const account = store.get('/serviceaccounts', keyOf(namespace, name))?.object;
  // A controller creates the account `default` shortly after its namespace.
  if (account === undefined && name !== DEFAULT) {
    const why = `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`;
    throw forbidden(kind, text(pod.metadata.name), why);
  }
  spec['serviceAccountName'] = name;
  spec['serviceAccount'] = name;
  const automount = spec['automountServiceAccountToken'] ?? at(account, 'automountServiceAccountToken') ?? true;
  if (automount === true) mountToken(spec);
}

function mountToken(spec: MutableFields): void {
  const containers = [...editable(spec['initContainers']), ...editable(spec['containers'])];
  const without = containers.filter((container) =>
    records(container['volumeMounts']).every((mount) => mount['mountPath'] !== MOUNT_PATH),
  );
  if (without.length === 0) return;
  const name = `kube-api-access-${Array.from({ length: 5 }, () => LETTERS[randomInt(LETTERS.length)]).join('')}`;
  spec['volumes'] = [...items(spec['volumes']), accessVolume(name)];
  for (const container of without)
    container['volumeMounts'] = [...items(container['volumeMounts']), { name, readOnly: true, mountPath: MOUNT_PATH }];
}

/** kube-apiserver's values. It adds seven seconds to recognize tokens that were requested for this volume. */
function accessVolume(name: string): Fields {
  const namespace = { path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } };
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    { downwardAPI: { items: [namespace] } },
  ];
  return { name, projected: { sources, defaultMode: 420 } };
}
