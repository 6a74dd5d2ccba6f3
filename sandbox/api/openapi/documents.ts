/** The OpenAPI documents, built on first request and kept until a kind is added or removed. */

import type { Fields } from '../../../model/fields.ts';
import type { Registry } from '../registry/registry.ts';
import type { ServerContext } from '../server-context.ts';
import { pathsOf } from './paths.ts';
import { addAggregated, addKind, type Dialect, groupPath, type Schemas } from './schemas.ts';

/** The sources of the documents. */
export type Served = Pick<ServerContext, 'registry' | 'gitVersion'>;

interface Parts {
  readonly schemas: Schemas;
  readonly paths: Record<string, Fields>;
}

/** @param only limits the document to one group version, as OpenAPI version 3 has one document for each. */
function collect(registry: Registry, dialect: Dialect, only?: string): Parts {
  const schemas: Schemas = {};
  const paths: Record<string, Fields> = {};
  const wanted = (of: { group: string; version: string }) => only === undefined || groupPath(of) === only;
  for (const kind of registry.kinds().filter(wanted)) {
    const schema = addKind(schemas, kind, dialect);
    const { group, version, plural, namespaced } = kind;
    Object.assign(
      paths,
      pathsOf({ group, version, kind: kind.kind, plural, namespaced, schema }, dialect, kind.custom),
    );
  }
  for (const api of registry.aggregatedApis().filter(wanted)) {
    for (const resource of api.resources.filter((one) => !one.name.includes('/'))) {
      const schema = addAggregated(schemas, api, resource);
      const { group, version } = api;
      const { name, namespaced, kind } = resource;
      Object.assign(paths, pathsOf({ group, version, kind, plural: name, namespaced, schema }, dialect, true));
    }
  }
  return { schemas, paths };
}

export interface DocumentV2 {
  readonly swagger: '2.0';
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Record<string, Fields>;
  readonly definitions: Schemas;
}

export function documentV2({ registry, gitVersion }: Served): DocumentV2 {
  const { schemas, paths } = collect(registry, 2);
  return { swagger: '2.0', info: { title: 'Kubernetes', version: gitVersion }, paths, definitions: schemas };
}

/** @param path `/api/v1`, `/apis/apps/v1`; `undefined` when nothing is served there. */
export function documentV3({ registry, gitVersion }: Served, path: string): Fields | undefined {
  const { schemas, paths } = collect(registry, 3, path);
  if (Object.keys(paths).length === 0) return undefined;
  return { openapi: '3.0.0', info: { title: 'Kubernetes', version: gitVersion }, paths, components: { schemas } };
}

/** The index of version 3: for each group version, a URL with a hash. */
export function indexV3(registry: Registry): Fields {
  const paths: Record<string, Fields> = {};
  for (const of of [...registry.kinds(), ...registry.aggregatedApis()]) {
    const path = groupPath(of);
    paths[path.slice(1)] = { serverRelativeURL: `/openapi/v3${path}?hash=${registry.revision}` };
  }
  return { paths };
}
