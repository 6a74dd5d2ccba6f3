import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { deployment, MERGE, startServer } from '../testing.ts';

const server = await startServer();
after(() => server.api.stop());
const { request } = server;
const SERVICES = '/api/v1/namespaces/default/services';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const AFFINITY = /299 - "spec\.SessionAffinity is ignored for headless services"/;

test('a headless Service warns of what it ignores, also when it is refused because it exists', async () => {
  const ports = [{ port: 80 }];
  const headless = { metadata: { name: 'one' }, spec: { clusterIP: 'None', sessionAffinity: 'ClientIP', ports } };
  const made = await request('POST', SERVICES, headless);
  assert.deepEqual([made.status, AFFINITY.test(made.headers.get('warning') ?? '')], [201, true]);
  const again = await request('POST', SERVICES, headless);
  assert.deepEqual([again.status, AFFINITY.test(again.headers.get('warning') ?? '')], [409, true]);
  const plain = { metadata: { name: 'two' }, spec: { sessionAffinity: 'ClientIP', ports } };
  assert.doesNotMatch((await request('POST', SERVICES, plain)).headers.get('warning') ?? '', AFFINITY);
});

test('a workload warns of a negative grace period when its spec changes, and not otherwise', async () => {
  const warning =
    '299 - "spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1"';
  const warned = ({ headers }: { headers: Headers }) => (headers.get('warning') ?? '').includes(warning);
  await request('POST', DEPLOYMENTS, deployment('one'));
  const spec = { template: { spec: { terminationGracePeriodSeconds: -1 } } };
  assert.equal(warned(await request('PATCH', `${DEPLOYMENTS}/one`, { spec }, MERGE)), true);
  const labels = { tier: 'front' };
  assert.equal(warned(await request('PATCH', `${DEPLOYMENTS}/one`, { metadata: { labels } }, MERGE)), false);
});

test('two containers with one port warn of its number and its name', async () => {
  const container = (name: string) => ({ name, image: 'busybox', ports: [{ containerPort: 80, name: 'http' }] });
  const template = { spec: { containers: [container('main'), container('side')] } };
  const { headers } = await request('POST', '/api/v1/namespaces/default/podtemplates', {
    metadata: { name: 'one' },
    template,
  });
  const [first, second] = ['template.spec.containers[0].ports[0]', 'template.spec.containers[1].ports[0]'];
  const warning = headers.get('warning') ?? '';
  assert.ok(warning.includes(`${second}: duplicate port definition with ${first}`));
  assert.ok(
    warning.includes(
      `${second}: duplicate port name \\"http\\" with ${first}, services and probes that select ports by name will use ${first}`,
    ),
  );
});
