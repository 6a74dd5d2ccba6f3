/** Serves the kind of a CRD as soon as the CRD is stored, and deletes its instances with it. */
import { at, fields, items, records, recordsAt, text } from '../../../model/fields.ts';
import { clone, ensure, equal, timestamp } from '../json.ts';
import { ALL_VERBS } from '../registry/install.ts';
import type { Kind, Strategy } from '../registry/kind.ts';
import { drop, finishRemoval } from '../rest/delete.ts';
import type { ServerContext } from '../server-context.ts';
import type { ApiObject } from '../types.ts';
import { deprecationOf } from './deprecation.ts';
import { customPrinter } from './printer.ts';
import { CustomSchema } from './schema.ts';

const STORAGE = 'apiextensions.k8s.io/customresourcedefinitions';
const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';
/** Annotation on the CRD of a kind that accepts strategic merge patches, because a real cluster serves it from Go types. */
const STRATEGIC_PATCH = 'labwright.dev/strategic-merge-patch';
const CUSTOM: Strategy = { generation: true };

type DefinitionContext = Pick<ServerContext, 'store' | 'registry'>;

export function watchDefinitions(context: DefinitionContext): void {
  const served = new Map<string, Kind[]>();
  context.store.subscribe(STORAGE, ({ type, entry }) => {
    const crd = entry.object;
    for (const kind of served.get(entry.key) ?? []) context.registry.remove(kind);
    served.delete(entry.key);
    if (type === 'DELETED') return;
    const kinds = kindsOf(crd);
    for (const kind of kinds) context.registry.add(kind);
    served.set(entry.key, kinds);
    // Deferred until every watcher has received this event: a write here would be delivered before it.
    queueMicrotask(() =>
      crd.metadata.deletionTimestamp === undefined ? accept(context, entry.key) : cleanUp(context, entry.key, kinds),
    );
  });
}

function kindsOf(crd: ApiObject): Kind[] {
  const group = text(at(crd, 'spec', 'group'));
  const names = fields(at(crd, 'spec', 'names'));
  const plural = text(names['plural']);
  const versions = recordsAt(crd, 'spec', 'versions');
  const storageVersion = text(versions.find((one) => one['storage'] === true)?.['name']);
  const preserve = at(crd, 'spec', 'preserveUnknownFields') === true;
  const strategic = crd.metadata.annotations?.[STRATEGIC_PATCH] === 'true';
  return versions
    .filter((one) => one['served'] !== false)
    .map((one): Kind => {
      const version = text(one['name']);
      const kind = text(names['kind']);
      const schema = at(one, 'schema', 'openAPIV3Schema');
      const stored = { group, storageVersion, version };
      const deprecation = deprecationOf(crd, one);
      return {
        group,
        version,
        kind,
        listKind: text(names['listKind']),
        plural,
        singular: text(names['singular']),
        namespaced: at(crd, 'spec', 'scope') === 'Namespaced',
        shortNames: items(names['shortNames']).map(text),
        categories: items(names['categories']).map(text),
        subresources: new Set(Object.keys(fields(one['subresources']))),
        verbs: ALL_VERBS,
        storage: `${group}/${plural}`,
        storageVersion,
        schema: new CustomSchema(kind, version, schema, { preserve, strategic }),
        openApiSchema: schema,
        strategy: CUSTOM,
        printer: customPrinter(one['additionalPrinterColumns']),
        custom: true,
        selectable: records(one['selectableFields']).map((field) => text(field['jsonPath']).replace(/^\./, '')),
        ...(deprecation === undefined ? {} : { deprecation }),
        ...conversion(stored),
        ...scaleOf(at(one, 'subresources', 'scale')),
      };
    });
}

/** `conversion: None`: versions differ in `apiVersion` only. */
function conversion({
  group,
  storageVersion,
  version,
}: {
  group: string;
  storageVersion: string;
  version: string;
}): Partial<Kind> {
  if (version === storageVersion) return {};
  return {
    fromStored: (object) => ({ ...object, apiVersion: `${group}/${version}` }),
    toStored: (object) => ({ ...object, apiVersion: `${group}/${storageVersion}` }),
  };
}

function scaleOf(scale: unknown): Pick<Kind, 'scale'> {
  const spec = text(at(scale, 'specReplicasPath'));
  if (spec === '') return {};
  const selector = text(at(scale, 'labelSelectorPath'));
  return { scale: { spec, status: text(at(scale, 'statusReplicasPath')), ...(selector === '' ? {} : { selector }) } };
}

/** Writes the conditions and accepted names, as the controllers of a real server do. */
function accept(context: DefinitionContext, key: string): void {
  const crd = context.store.get(STORAGE, key)?.object;
  if (crd === undefined || crd.metadata.deletionTimestamp !== undefined) return;
  const next = clone(crd);
  const status = ensure(next, 'status');
  const since = timestamp();
  const condition = (type: string, reason: string, message: string) =>
    records(status['conditions']).find((one) => one['type'] === type) ?? {
      type,
      status: 'True',
      reason,
      message,
      lastTransitionTime: since,
    };
  status['conditions'] = [
    condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
    condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
  ];
  status['acceptedNames'] = at(crd, 'spec', 'names');
  const storage = recordsAt(crd, 'spec', 'versions').find((one) => one['storage'] === true)?.['name'];
  status['storedVersions'] = [...new Set([...items(status['storedVersions']), storage])];
  next.metadata.finalizers = [...new Set([...items(crd.metadata.finalizers).map(text), CLEANUP])];
  if (!equal(next, crd)) context.store.put(STORAGE, key, next);
}

/** Deletes the instances, waits for their finalizers, then removes the CRD itself. */
function cleanUp(context: DefinitionContext, key: string, kinds: readonly Kind[]): void {
  const [kind] = kinds;
  if (kind === undefined) {
    finish(context, key);
    return;
  }
  for (const entry of context.store.list(kind.storage)) {
    const object = clone(entry.object);
    if (items(object.metadata.finalizers).length === 0) drop(context.store, kind, entry.key);
    else if (object.metadata.deletionTimestamp === undefined) {
      object.metadata.deletionTimestamp = timestamp();
      object.metadata.deletionGracePeriodSeconds = 0;
      context.store.put(kind.storage, entry.key, object);
    }
  }
  if (context.store.list(kind.storage).length === 0) {
    finish(context, key);
    return;
  }
  const unsubscribe = context.store.subscribe(kind.storage, () => {
    if (context.store.list(kind.storage).length > 0) return;
    unsubscribe();
    queueMicrotask(() => finish(context, key));
  });
}

function finish(context: DefinitionContext, key: string): void {
  const crd = context.store.get(STORAGE, key)?.object;
  const kind = context.registry.stored('apiextensions.k8s.io', 'customresourcedefinitions');
  if (crd === undefined || kind === undefined || !items(crd.metadata.finalizers).includes(CLEANUP)) return;
  const next = clone(crd);
  next.metadata.finalizers = items(crd.metadata.finalizers)
    .map(text)
    .filter((one) => one !== CLEANUP);
  context.store.put(STORAGE, key, next);
  finishRemoval(context.store, kind, key);
}
