/** Registers the built-in kinds. */
import { builtinPrinter } from '../tables/builtin.ts';
import type { Verb } from '../types.ts';
import { BuiltinSchema } from '../validation/decode.ts';
import type { BuiltinKind, StrategyContext } from './builtin.ts';
import type { Kind } from './kind.ts';
import { BUILTIN_KINDS } from './kinds/index.ts';
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

export function installBuiltins(registry: Registry, context: StrategyContext): void {
  for (const kind of BUILTIN_KINDS) registry.add(served(kind, context));
}

function served(of: BuiltinKind, context: StrategyContext): Kind {
  const { fromStored, toStored } = of.storedAs ?? {};
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
    verbs: of.kind === 'Namespace' ? ALL_VERBS.filter((verb) => verb !== 'deletecollection') : ALL_VERBS,
    storage: of.storedAs?.storage ?? `${of.group}/${of.plural}`,
    storageVersion: of.storedAs?.version ?? of.version,
    schema: new BuiltinSchema(of.group, of.version, of.kind),
    strategy: of.strategy(context),
    printer: of.printer ?? builtinPrinter(of.kind),
    custom: false,
    ...(of.fields === undefined ? {} : { fields: of.fields }),
    ...(fromStored === undefined || toStored === undefined ? {} : { fromStored, toStored }),
    ...(of.subresources.includes('scale')
      ? { scale: { spec: '.spec.replicas', status: '.status.replicas', selector: '.spec.selector' } }
      : {}),
  };
}
