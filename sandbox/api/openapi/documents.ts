/** The OpenAPI documents, made when somebody asks and kept until a kind comes or goes. */
import type { Core } from '../core.ts';
import type { Fields } from '../json.ts';
import { pathsOf } from './paths.ts';
import { addAggregated, addKind, type Dialect, groupPath, type Schemas } from './schemas.ts';

interface Parts {
  readonly schemas: Schemas;
  readonly paths: Record<string, Fields>;
}

/** @param only one group version (version 3 has a document each). */
function collect({ registry }: Core, dialect: Dialect, only?: string): Parts {
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

export function documentV2(core: Core): DocumentV2 {
  const { schemas, paths } = collect(core, 2);
  return { swagger: '2.0', info: { title: 'Kubernetes', version: core.gitVersion }, paths, definitions: schemas };
}

/** @param path `/api/v1`, `/apis/apps/v1`; `undefined` when nothing is served there. */
export function documentV3(core: Core, path: string): Fields | undefined {
  const { schemas, paths } = collect(core, 3, path);
  if (Object.keys(paths).length === 0) return undefined;
  return { openapi: '3.0.0', info: { title: 'Kubernetes', version: core.gitVersion }, paths, components: { schemas } };
}

/** The index of version 3: a URL, with a hash, by group version. */
export function indexV3({ registry }: Core): Fields {
  const paths: Record<string, Fields> = {};
  for (const of of [...registry.kinds(), ...registry.aggregatedApis()]) {
    const path = groupPath(of);
    paths[path.slice(1)] = { serverRelativeURL: `/openapi/v3${path}?hash=${registry.revision}` };
  }
  return { paths };
}
