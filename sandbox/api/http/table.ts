/** Tables, which `kubectl get` asks for, and `PartialObjectMetadata`. */
import type { ApiObject, TablePrinter } from '../types.ts';

export interface TableFormat {
  /** The Table's version in the group `meta.k8s.io`. */
  readonly version: string;
  /** What each row carries: `Metadata` (default), `Object` or `None`. */
  readonly include: string;
}

/** @returns the Table that comes first in the Accept header, `undefined` when plain objects do. */
export function tableFormat(accept: string | undefined, query: URLSearchParams): TableFormat | undefined {
  const first = (accept ?? '').split(',')[0] ?? '';
  if (!/;\s*as=Table/.test(first)) return undefined;
  const version = /;\s*v=(v1beta1|v1)/.exec(first)?.[1];
  return version === undefined ? undefined : { version, include: query.get('includeObject') || 'Metadata' };
}

/** @returns the kind that a metadata-only client asks for, `undefined` for other clients. */
export function wantsMetadataOnly(
  accept: string | undefined,
): 'PartialObjectMetadata' | 'PartialObjectMetadataList' | undefined {
  const kind = /;\s*as=(PartialObjectMetadata(?:List)?)\b/.exec((accept ?? '').split(',')[0] ?? '')?.[1];
  return kind === 'PartialObjectMetadata' || kind === 'PartialObjectMetadataList' ? kind : undefined;
}

/** @param metadata the list's metadata. @param withColumns false for later events of a watch. */
export function toTable(
  objects: readonly ApiObject[],
  printer: TablePrinter,
  format: TableFormat,
  metadata: Record<string, unknown>,
  withColumns = true,
): Record<string, unknown> {
  const now = Date.now();
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${format.version}`,
    metadata,
    columnDefinitions: withColumns
      ? printer.columns.map(({ name, type, format: shape = '', description = '', priority = 0 }) => ({
          name,
          type,
          format: shape,
          description,
          priority,
        }))
      : [],
    rows: objects.map((object) => ({ cells: printer.row(object, now), ...rowObject(object, format) })),
  };
}

function rowObject(object: ApiObject, { include, version }: TableFormat): Record<string, unknown> {
  if (include === 'None') return {};
  if (include === 'Object') return { object };
  return { object: { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata } };
}

/** The object as `PartialObjectMetadata`. */
export function partial(object: ApiObject): Record<string, unknown> {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}
