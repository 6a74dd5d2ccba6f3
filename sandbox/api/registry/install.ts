/** Registers the built-in kinds. */
import { builtinPrinter } from '../tables/builtin.ts';
import type { Verb } from '../types.ts';
import { BuiltinSchema } from '../validation/decode.ts';
import { BUILTIN_KINDS, type BuiltinKind } from './builtin.ts';
import { eventFromStored, eventToStored } from './events.ts';
import type { Kind, Strategy } from './kind.ts';
import type { Registry } from './registry.ts';

export const ALL_VERBS: readonly Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

export function installBuiltins(registry: Registry, strategyOf: (kind: string) => Strategy): void {
  for (const kind of BUILTIN_KINDS) registry.add(builtin(kind, strategyOf(kind.kind)));
}

function builtin(of: BuiltinKind, strategy: Strategy): Kind {
  const events = of.group === 'events.k8s.io';
  return {
    group: of.group,
    version: of.version,
    kind: of.kind,
    listKind: `${of.kind}List`,
    plural: of.plural,
    singular: of.kind.toLowerCase(),
    namespaced: of.namespaced,
    shortNames: of.shortNames,
    categories: of.categories,
    subresources: new Set(of.subresources),
    verbs: ALL_VERBS,
    storage: events ? '/events' : `${of.group}/${of.plural}`,
    storageVersion: of.version,
    schema: new BuiltinSchema(of.group, of.version, of.kind),
    strategy,
    printer: builtinPrinter(of.kind),
    custom: false,
    ...(events ? { fromStored: eventFromStored, toStored: eventToStored } : {}),
    ...(of.subresources.includes('scale')
      ? { scale: { spec: '.spec.replicas', status: '.status.replicas', selector: '.spec.selector' } }
      : {}),
  };
}
