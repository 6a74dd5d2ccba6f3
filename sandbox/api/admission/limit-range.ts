/** LimitRanges: defaults for containers, and bounds for containers, pods and claims (plugin/pkg/admission/limitranger). */
import { at, type Fields, fields, records, recordsAt, text } from '../../../model/fields.ts';
import { canonicalQuantity, quantityValue } from '../defaults/quantity.ts';
import { ensure, type MutableFields } from '../json.ts';
import { forbidden } from '../status.ts';
import type { Store } from '../storage/store.ts';
import type { ApiObject } from '../types.ts';
import { type Admitted, nameOf, newPod } from './admitted.ts';

const ANNOTATION = 'kubernetes.io/limit-ranger';

interface Amounts {
  readonly requests: Fields;
  readonly limits: Fields;
}

function limitsIn(store: Store, namespace: string, type: string): Fields[] {
  return store
    .list('/limitranges', namespace)
    .flatMap(({ object }) => recordsAt(object, 'spec', 'limits'))
    .filter((limit) => limit['type'] === type);
}

/** Fills in the requests and limits that the containers of a new pod leave out. */
export function defaultByLimits(store: Store, admitted: Admitted): void {
  const pod = newPod(admitted);
  if (pod === undefined) return;
  const limits = limitsIn(store, text(pod.metadata.namespace), 'Container');
  if (limits.length === 0) return;
  const told = (['initContainers', 'containers'] as const).flatMap((list) =>
    recordsAt(pod, 'spec', list).flatMap((container) =>
      limits.flatMap((limit) => filledIn(container, limit, list === 'containers' ? 'container' : 'init container')),
    ),
  );
  if (told.length > 0)
    pod.metadata.annotations = {
      ...pod.metadata.annotations,
      [ANNOTATION]: `LimitRanger plugin set: ${told.join('; ')}`,
    };
}

function filledIn(container: Fields, limit: Fields, what: string): string[] {
  const set = (field: 'requests' | 'limits', values: Fields): string[] => {
    const missing = Object.keys(values).filter((name) => at(container, 'resources', field, name) === undefined);
    const target = missing.length === 0 ? {} : ensure(ensure(container, 'resources'), field);
    for (const name of missing) target[name] = values[name];
    return missing.length === 0
      ? []
      : [`${missing.sort().join(', ')} ${field.slice(0, -1)} for ${what} ${text(container['name'])}`];
  };
  return [...set('requests', fields(limit['defaultRequest'])), ...set('limits', fields(limit['default']))];
}

/** @throws {StatusError} when a value is below a minimum or above a maximum. */
export function requireLimits(store: Store, { request, operation, object }: Admitted): void {
  const { group, plural } = request.kind;
  if (operation !== 'CREATE' || object === undefined || group !== '' || request.subresource !== undefined) return;
  const namespace = text(object.metadata.namespace);
  const faults =
    plural === 'pods'
      ? podFaults(store, namespace, object)
      : plural === 'persistentvolumeclaims'
        ? limitsIn(store, namespace, 'PersistentVolumeClaim').flatMap((limit) =>
            faultsOf(limit, 'PersistentVolumeClaim', {
              requests: fields(at(object, 'spec', 'resources', 'requests')),
              limits: {},
            }),
          )
        : [];
  if (faults.length === 0) return;
  throw forbidden(request.kind, nameOf(object), faults.length === 1 ? (faults[0] ?? '') : `[${faults.join(', ')}]`);
}

function podFaults(store: Store, namespace: string, pod: ApiObject): string[] {
  const containers = recordsAt(pod, 'spec', 'containers').map(amountsOf);
  const all = [...containers, ...records(at(pod, 'spec', 'initContainers')).map(amountsOf)];
  const whole: Amounts = { requests: sum(containers, 'requests'), limits: sum(containers, 'limits') };
  return [
    ...limitsIn(store, namespace, 'Container').flatMap((limit) =>
      all.flatMap((one) => faultsOf(limit, 'Container', one)),
    ),
    ...limitsIn(store, namespace, 'Pod').flatMap((limit) => faultsOf(limit, 'Pod', whole)),
  ];
}

function amountsOf(container: Fields): Amounts {
  return {
    requests: fields(at(container, 'resources', 'requests')),
    limits: fields(at(container, 'resources', 'limits')),
  };
}

function sum(containers: readonly Amounts[], field: keyof Amounts): Fields {
  const total: MutableFields = {};
  for (const name of new Set(containers.flatMap((one) => Object.keys(one[field])))) {
    const amounts = containers.map((one) => one[field][name]).filter((amount) => amount !== undefined);
    total[name] = canonicalQuantity(String(amounts.reduce<number>((all, one) => all + quantityValue(one), 0)));
  }
  return total;
}

function faultsOf(limit: Fields, type: string, { requests, limits }: Amounts): string[] {
  const shown = (amount: unknown): string => text(canonicalQuantity(amount));
  const least = Object.entries(fields(limit['min'])).flatMap(([name, bound]) => {
    const [asked, most] = [requests[name], limits[name]];
    const start = `minimum ${name} usage per ${type} is ${shown(bound)}`;
    if (asked === undefined) return [`${start}.  No request is specified`];
    if (quantityValue(asked) < quantityValue(bound)) return [`${start}, but request is ${shown(asked)}`];
    return most !== undefined && quantityValue(most) < quantityValue(bound)
      ? [`${start}, but limit is ${shown(most)}`]
      : [];
  });
  const highest = Object.entries(fields(limit['max'])).flatMap(([name, bound]) => {
    const isClaim = type === 'PersistentVolumeClaim';
    const [asked, most] = [requests[name], limits[name]];
    const start = `maximum ${name} usage per ${type} is ${shown(bound)}`;
    if (isClaim) return quantityValue(asked) > quantityValue(bound) ? [`${start}, but request is ${shown(asked)}`] : [];
    if (most === undefined) return [`${start}.  No limit is specified`];
    return quantityValue(most) > quantityValue(bound) ? [`${start}, but limit is ${shown(most)}`] : [];
  });
  return [...least, ...highest];
}
