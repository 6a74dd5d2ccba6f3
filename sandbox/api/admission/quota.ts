/** ResourceQuotas: counts what a namespace uses, and refuses what exceeds a quota (apiserver, plugin/resourcequota). */
import { at, type Fields, fields, recordsAt, text } from '../../../model/fields.ts';
import { canonicalQuantity, quantityValue } from '../defaults/quantity.ts';
import { clone, equal } from '../json.ts';
import { keyOf } from '../registry/kind.ts';
import { forbidden } from '../status.ts';
import type { Store } from '../storage/store.ts';
import type { ApiObject } from '../types.ts';
import { type Admitted, nameOf } from './admitted.ts';

const QUOTAS = '/resourcequotas';
/** Kinds that a quota may name by their plural alone. */
const PLAIN = [
  'pods',
  'services',
  'configmaps',
  'secrets',
  'persistentvolumeclaims',
  'replicationcontrollers',
  'resourcequotas',
];
/** The resources that every container must specify when a quota limits them. */
const COMPUTE = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

/** The storage whose objects a resource is counted or summed over. */
function storageOf(resource: string): string | undefined {
  const [, counted] = /^count\/(.+)$/.exec(resource) ?? [];
  const name = counted ?? resource;
  if (counted !== undefined || PLAIN.includes(name)) {
    const [plural, ...group] = name.split('.');
    return `${group.join('.')}/${plural}`;
  }
  if (resource.startsWith('services.')) return '/services';
  if (resource === 'requests.storage') return '/persistentvolumeclaims';
  return COMPUTE.includes(resource) || /^(requests|limits)\./.test(resource) ? '/pods' : undefined;
}

/** The amount of a resource that one object uses. */
function use(resource: string, object: ApiObject): number {
  if (resource.startsWith('count/') || PLAIN.includes(resource))
    return resource === 'pods' && isFinished(object) ? 0 : 1;
  if (resource === 'services.nodeports')
    return ['NodePort', 'LoadBalancer'].includes(text(at(object, 'spec', 'type')))
      ? recordsAt(object, 'spec', 'ports').length
      : 0;
  if (resource === 'services.loadbalancers') return at(object, 'spec', 'type') === 'LoadBalancer' ? 1 : 0;
  if (resource === 'requests.storage') return amount(at(object, 'spec', 'resources', 'requests', 'storage'));
  return isFinished(object) ? 0 : podUse(resource, object);
}

function podUse(resource: string, pod: ApiObject): number {
  const { field, name } = computeField(resource);
  const of = (list: string): number[] =>
    recordsAt(pod, 'spec', list).map((container) => amount(at(container, 'resources', field, name)));
  // Init containers run before the others, one at a time, so only the largest of them counts.
  const together = of('containers').reduce((sum, one) => sum + one, 0);
  return Math.max(together, ...of('initContainers'));
}

function computeField(resource: string): { field: string; name: string } {
  const [, field = 'requests', name = resource] = /^(requests|limits)\.(.+)$/.exec(resource) ?? [];
  return { field, name };
}

function amount(value: unknown): number {
  return value === undefined ? 0 : quantityValue(value);
}

function isFinished(object: ApiObject): boolean {
  return ['Succeeded', 'Failed'].includes(text(at(object, 'status', 'phase')));
}

/** Amounts in bytes are shown with binary suffixes (`1Gi`). */
function shown(resource: string, value: number): string {
  const binary = /memory|storage/.test(resource) && value > 0 && value % 1024 === 0;
  return text(canonicalQuantity(binary ? `${value / 1024}Ki` : String(value)));
}

function usedOf(store: Store, namespace: string, resource: string): number {
  const storage = storageOf(resource);
  if (storage === undefined) return 0;
  return store.list(storage, namespace).reduce((sum, { object }) => sum + use(resource, object), 0);
}

/** @throws {StatusError} when an object would exceed a quota. */
export function requireQuota(store: Store, { request, operation, object }: Admitted): void {
  if (operation !== 'CREATE' || object === undefined || request.subresource !== undefined) return;
  const namespace = text(object.metadata.namespace);
  const { storage } = request.kind;
  if (namespace === '' || storage === QUOTAS) return;
  for (const { object: quota } of store.list(QUOTAS, namespace)) {
    const hard = Object.entries(fields(at(quota, 'spec', 'hard'))).filter(
      ([resource]) => storageOf(resource) === storage,
    );
    if (hard.length === 0) continue;
    const refuse = (why: string) => forbidden(request.kind, nameOf(object), why);
    const silent = storage === '/pods' ? unspecified(object, hard) : [];
    if (silent.length > 0) throw refuse(`failed quota: ${quota.metadata.name}: must specify ${silent.join('; ')}`);
    const over = hard.flatMap(([resource, most]) => {
      const [asked, used] = [use(resource, object), usedOf(store, namespace, resource)];
      return asked > 0 && used + asked > amount(most) ? [{ resource, asked, used, most }] : [];
    });
    if (over.length === 0) continue;
    const list = (field: 'asked' | 'used'): string =>
      over.map((one) => `${one.resource}=${shown(one.resource, one[field])}`).join(',');
    const limited = over.map(({ resource, most }) => `${resource}=${text(canonicalQuantity(most))}`).join(',');
    throw refuse(
      `exceeded quota: ${quota.metadata.name}, requested: ${list('asked')}, used: ${list('used')}, limited: ${limited}`,
    );
  }
}

function unspecified(pod: ApiObject, hard: readonly (readonly [string, unknown])[]): string[] {
  return hard.flatMap(([resource]) => {
    if (!COMPUTE.includes(resource)) return [];
    const { field, name } = computeField(resource);
    const without = recordsAt(pod, 'spec', 'containers').filter(
      (one) => at(one, 'resources', field, name) === undefined,
    );
    return without.length === 0
      ? []
      : [
          `${resource} for: ${without
            .map((one) => text(one['name']))
            .sort()
            .join(',')}`,
        ];
  });
}

/** Keeps each quota's status in step with the stored objects. */
export function followQuotas(store: Store): void {
  const followed = new Set<string>();
  const dirty = new Set<string>();
  const refresh = (): void => {
    for (const namespace of dirty) for (const { object } of store.list(QUOTAS, namespace)) writeStatus(store, object);
    dirty.clear();
  };
  const touch = (namespace: string | undefined): void => {
    if (namespace === undefined || store.list(QUOTAS, namespace).length === 0) return;
    // Deferred until every watcher has received the event.
    if (dirty.size === 0) queueMicrotask(refresh);
    dirty.add(namespace);
  };
  store.subscribe(QUOTAS, ({ entry }) => {
    for (const resource of Object.keys(fields(at(entry.object, 'spec', 'hard')))) {
      const storage = storageOf(resource);
      if (storage === undefined || storage === QUOTAS || followed.has(storage)) continue;
      followed.add(storage);
      store.subscribe(storage, (event) => touch(event.entry.object.metadata.namespace));
    }
    touch(entry.object.metadata.namespace);
  });
}

function writeStatus(store: Store, quota: ApiObject): void {
  const { name, namespace = '' } = quota.metadata;
  const hard = fields(at(quota, 'spec', 'hard'));
  const used: Fields = Object.fromEntries(
    Object.keys(hard).map((resource) => [resource, shown(resource, usedOf(store, namespace, resource))]),
  );
  const status = { hard, used };
  if (equal(status, quota['status'])) return;
  store.put(QUOTAS, keyOf(namespace, name), { ...clone(quota), status });
}
