import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { PODS, pod, startServer } from '../testing.ts';

const server = await startServer();
after(() => server[Symbol.asyncDispose]());
const { request } = server;

async function namespace(name: string): Promise<string> {
  await request('POST', '/api/v1/namespaces', { metadata: { name } });
  return `/api/v1/namespaces/${name}`;
}

const container = (resources?: object) => ({
  containers: [{ name: 'main', image: 'a', ...(resources === undefined ? {} : { resources }) }],
});

test('a LimitRange fills in what containers leave out, and refuses what is out of bounds', async () => {
  const place = await namespace('limited');
  const limit = {
    type: 'Container',
    default: { cpu: '500m', memory: '256Mi' },
    defaultRequest: { cpu: '100m' },
    max: { cpu: '1' },
    min: { cpu: '50m' },
  };
  await request('POST', `${place}/limitranges`, { metadata: { name: 'l' }, spec: { limits: [limit] } });
  const made = await request('POST', `${place}/pods`, pod('plain', container()));
  assert.deepEqual(made.body.spec.containers[0].resources, {
    limits: { cpu: '500m', memory: '256Mi' },
    requests: { cpu: '100m' },
  });
  assert.equal(
    made.body.metadata.annotations['kubernetes.io/limit-ranger'],
    'LimitRanger plugin set: cpu request for container main; cpu, memory limit for container main',
  );
  const refused = await request(
    'POST',
    `${place}/pods`,
    pod('big', container({ limits: { cpu: '2' }, requests: { cpu: '20m' } })),
  );
  assert.equal(
    refused.body.message,
    'pods "big" is forbidden: [minimum cpu usage per Container is 50m, but request is 20m, maximum cpu usage per Container is 1, but limit is 2]',
  );
});

test('a ResourceQuota counts what is there, and refuses more', async () => {
  const place = await namespace('few');
  const hard = { pods: '2', configmaps: '1', 'requests.memory': '1Gi', 'count/deployments.apps': '0' };
  await request('POST', `${place}/resourcequotas`, { metadata: { name: 'q' }, spec: { hard } });
  const silent = await request('POST', `${place}/pods`, pod('silent'));
  assert.equal(
    silent.body.message,
    'pods "silent" is forbidden: failed quota: q: must specify requests.memory for: main',
  );
  const half = container({ requests: { memory: '600Mi' } });
  assert.equal((await request('POST', `${place}/pods`, pod('one', half))).status, 201);
  const refused = await request('POST', `${place}/pods`, pod('two', half));
  assert.equal(
    refused.body.message,
    'pods "two" is forbidden: exceeded quota: q, requested: requests.memory=600Mi, used: requests.memory=600Mi, limited: requests.memory=1Gi',
  );
  await request('POST', `${place}/configmaps`, { metadata: { name: 'a' } });
  const { body } = await request('GET', `${place}/resourcequotas/q`);
  assert.deepEqual(body.status.used, {
    pods: '1',
    configmaps: '1',
    'requests.memory': '600Mi',
    'count/deployments.apps': '0',
  });
  await request('DELETE', `${place}/configmaps/a`);
  assert.equal((await request('GET', `${place}/resourcequotas/q`)).body.status.used.configmaps, '0');
});

test('a PriorityClass gives its value, and one that is not there is refused', async () => {
  const classes = '/apis/scheduling.k8s.io/v1/priorityclasses';
  await request('POST', classes, { metadata: { name: 'high' }, value: 1000 });
  const made = await request('POST', PODS, pod('first', { priorityClassName: 'high' }));
  assert.equal(made.body.spec.priority, 1000);
  const refused = await request('POST', PODS, pod('none', { priorityClassName: 'nothing' }));
  assert.equal(refused.body.message, 'pods "none" is forbidden: no PriorityClass with name nothing was found');
  const runtime = await request('POST', PODS, pod('none', { runtimeClassName: 'gvisor' }));
  assert.equal(runtime.body.message, 'pods "none" is forbidden: pod rejected: RuntimeClass "gvisor" not found');
});
