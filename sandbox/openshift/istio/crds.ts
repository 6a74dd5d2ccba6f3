/** Istio's CRDs in a release: the kinds, their served versions and their fields. Pure. */

import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { ownFormat } from '../../../model/own-format.ts';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceVersion,
  StructuralSchema,
} from '../../client/kinds.ts';

interface LaterField {
  readonly since: number;
  readonly at: string;
  readonly schema?: StructuralSchema;
  readonly before?: StructuralSchema;
}

const FIELDS = ownFormat<Readonly<Record<string, readonly LaterField[]>>>(
  load(readFileSync(new URL('later-fields.yaml', import.meta.url), 'utf8')),
);

/** For each kind, the served versions, from a minor version of Istio 1 on (manifests/charts/base in istio/istio). */
type Served = readonly (readonly [since: number, ...versions: string[]])[];
const TRAFFIC: Served = [
  [0, 'v1beta1', 'v1alpha3'],
  [24, 'v1', 'v1beta1', 'v1alpha3'],
];
const REQUESTS: Served = [
  [0, 'v1beta1'],
  [18, 'v1', 'v1beta1'],
];
const SERVED: Readonly<Record<string, Served>> = {
  VirtualService: TRAFFIC,
  DestinationRule: TRAFFIC,
  Gateway: TRAFFIC,
  ServiceEntry: TRAFFIC,
  Sidecar: TRAFFIC,
  WorkloadEntry: TRAFFIC,
  EnvoyFilter: [[0, 'v1alpha3']],
  AuthorizationPolicy: REQUESTS,
  RequestAuthentication: REQUESTS,
  PeerAuthentication: [
    [0, 'v1beta1'],
    [24, 'v1', 'v1beta1'],
  ],
  WorkloadGroup: [
    [9, 'v1alpha3'],
    [14, 'v1beta1', 'v1alpha3'],
    [24, 'v1', 'v1beta1', 'v1alpha3'],
  ],
  Telemetry: [
    [12, 'v1alpha1'],
    [24, 'v1', 'v1alpha1'],
  ],
  WasmPlugin: [[12, 'v1alpha1']],
  ProxyConfig: [[14, 'v1beta1']],
};

/**
 * @param crds CRDs from `schemas/crds`. Those of other groups are returned unchanged.
 * @param minor the minor version of Istio 1: 6 for Istio 1.6.
 */
export function istioCrds(crds: readonly CustomResourceDefinition[], minor: number): CustomResourceDefinition[] {
  return crds.flatMap((crd) => {
    const { spec } = crd;
    const served = SERVED[spec.names.kind];
    if (!spec.group.endsWith('.istio.io') || served === undefined) return [crd];
    const [, ...names] = served.findLast(([since]) => since <= minor) ?? [0];
    return names.length === 0 ? [] : [{ ...crd, spec: { ...spec, versions: versionsOf(spec, names, minor) } }];
  });
}

/** All versions of a kind share one schema. The storage version stays the same while it is served. */
function versionsOf(
  { names: { kind }, versions }: CustomResourceDefinitionSpec,
  names: readonly string[],
  minor: number,
): CustomResourceVersion[] {
  const stored = versions.find(({ storage }) => storage) ?? versions[0];
  if (stored === undefined) return [];
  const storage = names.includes(stored.name) ? stored.name : names[0];
  const schema = stored.schema?.openAPIV3Schema ?? {};
  const openAPIV3Schema = (FIELDS[kind] ?? []).reduce((all, field) => withField(all, field, minor), schema);
  return names.map((name) => ({
    ...(versions.find((version) => version.name === name) ?? stored),
    name,
    served: true,
    storage: name === storage,
    schema: { openAPIV3Schema },
  }));
}

const POLICIES = ['spec.trafficPolicy', 'spec.subsets[].trafficPolicy'].flatMap((at) => [
  at,
  `${at}.portLevelSettings[]`,
]);

function withField(
  schema: StructuralSchema,
  { since, at, schema: added, before }: LaterField,
  minor: number,
): StructuralSchema {
  const paths = at.startsWith('POLICY') ? POLICIES.map((policy) => at.replace('POLICY', policy)) : [at];
  const change = (present: StructuralSchema | undefined): StructuralSchema | undefined =>
    minor < since ? before : (present ?? added);
  return paths.reduce((all, path) => changed(all, path.replaceAll('[]', '.[]').split('.'), change), schema);
}

/** @param change receives the field at the path and returns its replacement, or undefined to remove it. */
function changed(
  schema: StructuralSchema,
  path: readonly string[],
  change: (present: StructuralSchema | undefined) => StructuralSchema | undefined,
): StructuralSchema {
  const [step = '', ...rest] = path;
  if (step === '[]') return { ...schema, items: changed(schema.items ?? {}, rest, change) };
  const { [step]: present, ...others } = schema.properties ?? {};
  // The path does not exist in this schema.
  if (rest.length > 0 && present === undefined) return schema;
  const next = rest.length === 0 || present === undefined ? change(present) : changed(present, rest, change);
  return { ...schema, properties: { ...others, ...(next === undefined ? {} : { [step]: next }) } };
}
