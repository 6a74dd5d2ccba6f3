/** `kubectl debug` and in-place resizing: parts of a pod with their own subresources. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startApiServer } from '../index.ts';
import type { ApiServer } from '../types.ts';

const PODS = '/api/v1/namespaces/default/pods';
let api: ApiServer;

interface Answer {
  readonly code?: number;
  readonly message?: string;
  readonly spec?: {
    readonly ephemeralContainers?: readonly { readonly name: string; readonly imagePullPolicy: string }[];
    readonly containers: readonly { readonly image: string; readonly resources: object }[];
  };
}

before(async () => {
  const internal = { host: '127.0.0.1', port: 0 };
  api = await startApiServer({ internal, tokens: new Map(), serviceCidr: '172.30.0.0/16' });
  await send('POST', PODS, { metadata: { name: 'p' }, spec: { containers: [{ name: 'app', image: 'i' }] } });
});
after(() => api.stop());

async function send(method: string, path: string, body: unknown): Promise<Answer> {
  const type = method === 'PATCH' ? 'application/strategic-merge-patch+json' : 'application/json';
  const headers = { 'content-type': type };
  const answer: unknown = await (await fetch(api.url + path, { method, headers, body: JSON.stringify(body) })).json();
  return answer as Answer;
}

const add = (container: object, image = 'i') =>
  send('PATCH', `${PODS}/p/ephemeralcontainers`, {
    spec: { containers: [{ name: 'app', image }], ephemeralContainers: [container] },
  });

test('an ephemeral container is added with defaults, and nothing else is changed', async () => {
  const { spec } = await add({ name: 'debug', image: 'busybox', targetContainerName: 'app' }, 'other');
  assert.equal(spec?.ephemeralContainers?.[0]?.imagePullPolicy, 'Always');
  assert.equal(spec?.containers[0]?.image, 'i');
});

test('ephemeral containers stay as they are, and have neither ports nor probes', async () => {
  const changed = await add({ name: 'debug', image: 'alpine' });
  assert.match(changed.message ?? '', /Forbidden: existing ephemeral containers "debug" may not be changed/);
  const ports = await add({ name: 'two', image: 'i', ports: [{ containerPort: 80 }] });
  assert.match(
    ports.message ?? '',
    /ephemeralContainers\[\d\]\.ports: Forbidden: cannot be set for an Ephemeral Container/,
  );
  const target = await add({ name: 'three', image: 'i', targetContainerName: 'nobody' });
  assert.match(target.message ?? '', /targetContainerName: Not found: "nobody"/);
  assert.match((await add({ name: 'app', image: 'i' })).message ?? '', /name: Duplicate value: "app"/);
});

test('resize changes resources alone', async () => {
  const resources = { requests: { cpu: '100m' } };
  const containers = [{ name: 'app', image: 'other', resources }];
  const { spec } = await send('PATCH', `${PODS}/p/resize`, { spec: { containers } });
  assert.deepEqual(spec?.containers[0]?.resources, resources);
  assert.equal(spec?.containers[0]?.image, 'i');
  const wrong = await send('PATCH', `${PODS}/p/resize`, {
    spec: { containers: [{ name: 'app', resources: { requests: { cpu: '-1' } } }] },
  });
  assert.match(wrong.message ?? '', /requests\[cpu\]: Invalid value: "-1": must be greater than or equal to 0/);
});
