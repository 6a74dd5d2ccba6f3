/** Istio's kinds have the versions and fields of the release's Istio. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { readCrds } from '../schemas.ts';
import { istioCrds } from './crds.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly string[];
}
interface Definition {
  readonly names: { readonly kind: string };
  readonly versions: readonly {
    readonly name: string;
    readonly storage: boolean;
    readonly schema: { readonly openAPIV3Schema: Schema };
  }[];
}

const crds = await readCrds('istio');
const of = (minor: number): ReadonlyMap<string, Definition> =>
  new Map(istioCrds(crds, minor).map((crd) => [(crd['spec'] as Definition).names.kind, crd['spec'] as Definition]));
const served = (minor: number, kind: string): readonly string[] | undefined =>
  of(minor)
    .get(kind)
    ?.versions.map(({ name }) => name);

function at(minor: number, kind: string, path: string): Schema | undefined {
  const schema = of(minor).get(kind)?.versions[0]?.schema.openAPIV3Schema;
  return path
    .replaceAll('[]', '.[]')
    .split('.')
    .reduce<Schema | undefined>((all, step) => (step === '[]' ? all?.items : all?.properties?.[step]), schema);
}

test('v1 is served from the first Istio release that has it', () => {
  assert.deepEqual(served(6, 'VirtualService'), ['v1beta1', 'v1alpha3']);
  assert.deepEqual(served(20, 'VirtualService'), ['v1beta1', 'v1alpha3']);
  assert.deepEqual(served(24, 'VirtualService'), ['v1', 'v1beta1', 'v1alpha3']);
  assert.deepEqual(served(16, 'AuthorizationPolicy'), ['v1beta1']);
  assert.deepEqual(served(18, 'AuthorizationPolicy'), ['v1', 'v1beta1']);
  assert.deepEqual(served(20, 'PeerAuthentication'), ['v1beta1']);
  assert.deepEqual(served(24, 'ProxyConfig'), ['v1beta1']);
});

test('kinds are there from the Istio on that has them', () => {
  const since = { WorkloadGroup: 9, Telemetry: 12, WasmPlugin: 12, ProxyConfig: 14 };
  for (const [kind, minor] of Object.entries(since)) {
    const before = [6, 9, 12, 14].filter((one) => one < minor);
    for (const one of before) assert.equal(served(one, kind), undefined, `${kind} in 1.${one}`);
    assert.notEqual(served(minor, kind), undefined, `${kind} in 1.${minor}`);
  }
  assert.equal(of(6).has('EnvoyFilter'), true);
});

test('each kind stores one version, which it serves', () => {
  for (const minor of [6, 9, 12, 14, 16, 18, 20, 24, 26, 27, 28, 30])
    for (const [kind, { versions }] of of(minor))
      assert.equal(versions.filter(({ storage }) => storage).length, 1, `${kind} in 1.${minor}`);
});

test('fields are there from the Istio on that has them, in all places of a traffic policy', () => {
  const mirrors = 'spec.http[].mirrors';
  assert.equal(at(18, 'VirtualService', mirrors), undefined);
  assert.notEqual(at(20, 'VirtualService', `${mirrors}[].destination.host`), undefined);
  assert.equal(at(14, 'VirtualService', 'spec.http[].directResponse'), undefined);
  assert.notEqual(at(16, 'VirtualService', 'spec.http[].directResponse'), undefined);
  assert.notEqual(at(6, 'VirtualService', 'spec.http[].mirror'), undefined);
  for (const policy of ['spec.trafficPolicy', 'spec.subsets[].trafficPolicy.portLevelSettings[]']) {
    assert.equal(at(20, 'DestinationRule', `${policy}.loadBalancer.warmup`), undefined);
    assert.notEqual(at(24, 'DestinationRule', `${policy}.loadBalancer.warmup`), undefined);
    assert.equal(at(6, 'DestinationRule', `${policy}.tls.credentialName`), undefined);
    assert.notEqual(at(9, 'DestinationRule', `${policy}.tls.credentialName`), undefined);
  }
  assert.deepEqual(at(6, 'AuthorizationPolicy', 'spec.action')?.enum, ['ALLOW', 'DENY']);
  assert.deepEqual(at(9, 'AuthorizationPolicy', 'spec.action')?.enum, ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM']);
  assert.notEqual(at(9, 'AuthorizationPolicy', 'spec.provider.name'), undefined);
  assert.equal(at(6, 'AuthorizationPolicy', 'spec.provider'), undefined);
});
