import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiRequest, ApiResponse } from '../../api/types.ts';
import { loadRelease } from '../release.ts';
import { packageApi } from './packages.ts';

const SINCE = '2024-01-01T00:00:00Z';

async function ask(release: string, request: Partial<ApiRequest>): Promise<ApiResponse> {
  const api = packageApi(await loadRelease(release), SINCE);
  return api.handle({
    method: 'GET',
    verb: 'get',
    group: api.group,
    version: api.version,
    resource: 'packagemanifests',
    query: new URLSearchParams(),
    body: undefined,
    user: { name: 'admin', groups: [] },
    signal: new AbortController().signal,
    ...request,
  });
}

interface Manifest {
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
  readonly status: { readonly channels: readonly { readonly currentCSVDesc: Record<string, unknown> }[] };
}

function bodyOf(answer: ApiResponse): unknown {
  assert.ok('body' in answer);
  return answer.body;
}

test('a package says what a console shows before it is installed', async () => {
  const manifest = bodyOf(await ask('2.4', { name: 'servicemeshoperator' })) as Manifest;
  const description = manifest.status.channels[0]?.currentCSVDesc ?? {};
  assert.deepEqual(description['installModes'], [
    { type: 'OwnNamespace', supported: false },
    { type: 'SingleNamespace', supported: false },
    { type: 'MultiNamespace', supported: false },
    { type: 'AllNamespaces', supported: true },
  ]);
  const { owned } = description['customresourcedefinitions'] as { owned: { kind: string; displayName: string }[] };
  assert.deepEqual(
    owned.map(({ kind, displayName }) => `${kind}: ${displayName}`),
    [
      'ServiceMeshControlPlane: Istio Service Mesh Control Plane',
      'ServiceMeshMemberRoll: Istio Service Mesh Member Roll',
      'ServiceMeshMember: Istio Service Mesh Member',
    ],
  );
  assert.match(String(description['description']), /service mesh/);
});

test('an operator that wants a namespace of its own suggests it', async () => {
  const manifest = bodyOf(await ask('2.4', { name: 'elasticsearch-operator' })) as Manifest;
  const annotations = manifest.status.channels[0]?.currentCSVDesc['annotations'] as Record<string, string>;
  assert.equal(annotations['operatorframework.io/suggested-namespace'], 'openshift-operators-redhat');
});

test('the form of a control plane is filled in with what the release offers', async () => {
  for (const [release, version, tracing] of [
    ['2.4', 'v2.4', 'Jaeger'],
    ['2.6', 'v2.6', 'None'],
  ] as const) {
    const manifest = bodyOf(await ask(release, { name: 'servicemeshoperator' })) as Manifest;
    const annotations = manifest.status.channels[0]?.currentCSVDesc['annotations'] as Record<string, string>;
    const [example] = JSON.parse(annotations['alm-examples'] ?? '[]');
    assert.equal(example.apiVersion, 'maistra.io/v2');
    assert.equal(example.metadata.name, 'basic');
    assert.equal(example.spec.version, version);
    assert.equal(example.spec.tracing.type, tracing);
  }
});

test('lists come without icons; each icon is a picture at an address of its own', async () => {
  const { items } = bodyOf(await ask('3.3', { verb: 'list' })) as { items: Manifest[] };
  assert.ok(items.length > 1);
  for (const item of items) {
    for (const { currentCSVDesc } of item.status.channels) assert.equal(currentCSVDesc['icon'], undefined);
    const picture = await ask('3.3', { name: item.metadata.name, subresource: 'icon' });
    assert.ok('content' in picture);
    assert.equal(picture.mediaType, 'image/svg+xml');
    assert.match(Buffer.from(picture.content).toString(), /^<svg .*<\/svg>$/);
  }
  const whole = bodyOf(await ask('3.3', { name: 'servicemeshoperator3' })) as Manifest;
  assert.ok(Array.isArray(whole.status.channels[0]?.currentCSVDesc['icon']));
});

test('every package and every kind of every release has its text', async () => {
  for (const release of ['2.0', '2.1', '2.2', '2.3', '2.4', '2.5', '2.6', '3.0', '3.1', '3.2', '3.3', '3.4']) {
    const { items } = bodyOf(await ask(release, { verb: 'list' })) as { items: Manifest[] };
    for (const { metadata, status } of items) {
      for (const { currentCSVDesc } of status.channels) {
        const { owned } = currentCSVDesc['customresourcedefinitions'] as {
          owned: { kind: string; description: string }[];
        };
        assert.notEqual((currentCSVDesc['keywords'] as string[]).length, 0, `${release}: ${metadata.name}`);
        for (const { kind, description } of owned) assert.notEqual(description, '', `${release}: ${kind}`);
      }
    }
  }
});
