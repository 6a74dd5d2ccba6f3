import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { deployment, MERGE, STRATEGIC, startServer } from '../testing.ts';

const server = await startServer();
after(() => server.api.stop());
const { request } = server;
const APPLY = { 'content-type': 'application/apply-patch+yaml' };
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const THINGS = '/apis/example.com/v1/namespaces/default/things';

const by = (path: string, manager: string, force = false) =>
  `${path}?fieldManager=${manager}${force ? '&force=true' : ''}`;
const applied = (name: string, spec: object) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: { ...Object(deployment(name)['spec']), ...spec },
});
const thing = (spec: object) => ({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'one' }, spec });

await request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'things', kind: 'Thing' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  parts: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name'],
                    items: {
                      type: 'object',
                      required: ['name'],
                      properties: { name: { type: 'string' }, size: { type: 'integer' } },
                    },
                  },
                  plain: { type: 'array', items: { type: 'string' } },
                  whole: {
                    type: 'object',
                    'x-kubernetes-map-type': 'atomic',
                    additionalProperties: { type: 'string' },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
});

test('a field that somebody set by an update is theirs: to apply another value is a conflict', async () => {
  await request('POST', by(DEPLOYMENTS, 'maker'), applied('taken', { replicas: 1 }));
  const refused = await request(
    'PATCH',
    by(`${DEPLOYMENTS}/taken`, 'applier'),
    applied('taken', { replicas: 2 }),
    APPLY,
  );
  assert.deepEqual(
    [refused.status, refused.body.message],
    [409, 'Apply failed with 1 conflict: conflict with "maker" using apps/v1: .spec.replicas'],
  );
  const same = await request('PATCH', by(`${DEPLOYMENTS}/taken`, 'applier'), applied('taken', { replicas: 1 }), APPLY);
  assert.equal(same.status, 200);
  const forced = await request(
    'PATCH',
    by(`${DEPLOYMENTS}/taken`, 'other', true),
    applied('taken', { replicas: 3 }),
    APPLY,
  );
  assert.equal(forced.body.spec.replicas, 3);
});

test('several conflicts are listed by manager and field, a list item by its key', async () => {
  await request('POST', by(DEPLOYMENTS, 'maker'), applied('several', { replicas: 1 }));
  const template = { spec: { containers: [{ name: 'main', image: 'other' }] } };
  const path = by(`${DEPLOYMENTS}/several`, 'applier');
  const { body } = await request('PATCH', path, applied('several', { replicas: 2, template }), APPLY);
  assert.equal(
    body.message,
    'Apply failed with 2 conflicts: conflicts with "maker" using apps/v1:\n- .spec.replicas\n- .spec.template.spec.containers[name="main"].image',
  );
});

test('who changes a field by an update takes it over from its applier, who then no longer removes it', async () => {
  const path = `${DEPLOYMENTS}/given`;
  await request('PATCH', by(path, 'applier'), applied('given', { replicas: 1 }), APPLY);
  await request('PATCH', by(path, 'scaler'), { spec: { replicas: 5 } }, MERGE);
  const { body } = await request('PATCH', by(path, 'applier'), applied('given', {}), APPLY);
  assert.equal(body.spec.replicas, 5);
});

test('an item that its applier drops is removed, even if someone else has changed one of its fields', async () => {
  const path = '/api/v1/namespaces/default/services/dropped';
  const service = (...ports: object[]) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'dropped' },
    spec: { ports },
  });
  await request('PATCH', by(path, 'applier'), service({ port: 80, targetPort: 80 }), APPLY);
  await request('PATCH', by(path, 'other'), { spec: { ports: [{ port: 80, targetPort: 8080 }] } }, STRATEGIC);
  const { status, body } = await request('PATCH', by(path, 'applier'), service({ port: 81 }), APPLY);
  assert.deepEqual([status, body.spec?.ports.map(({ port }: { port: number }) => port)], [200, [81]]);
});

test('conflicts in items of a list are told in the order of their keys, numbers as numbers', async () => {
  const services = '/api/v1/namespaces/default/services';
  const service = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'ordered' },
    spec: {
      ports: [
        { port: 81, name: `${name}-a` },
        { port: 443, name: `${name}-b` },
      ],
    },
  });
  await request('POST', by(services, 'maker'), service('old'));
  const { body } = await request('PATCH', by(`${services}/ordered`, 'applier'), service('new'), APPLY);
  assert.match(body.message, /\[port=81,protocol="TCP"\]\.name\n.*\[port=443,protocol="TCP"\]\.name$/);
});

test('an empty struct that every object of the kind has belongs to nobody until it is changed', async () => {
  const policies = '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies';
  const policy = (name: string, podSelector: object) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name },
    spec: { podSelector, policyTypes: ['Ingress'] },
  });
  const web = { matchLabels: { app: 'web' } };
  await request('POST', by(policies, 'maker'), policy('empty', {}));
  const applied = await request('PATCH', by(`${policies}/empty`, 'applier'), policy('empty', web), APPLY);
  assert.deepEqual([applied.status, applied.body.spec?.podSelector], [200, web]);
  await request('POST', by(policies, 'maker'), policy('chosen', web));
  const refused = await request('PATCH', by(`${policies}/chosen`, 'applier'), policy('chosen', {}), APPLY);
  assert.match(refused.body.message, /conflict with "maker" using networking\.k8s\.io\/v1: \.spec\.podSelector$/);
});

test('lists of a custom resource merge by its keys, lists without keys and atomic maps are replaced', async () => {
  const path = `${THINGS}/one`;
  const first = { parts: [{ name: 'a', size: 1 }], plain: ['x'], whole: { a: '1' } };
  await request('PATCH', by(path, 'one'), thing(first), APPLY);
  const second = await request('PATCH', by(path, 'two'), thing({ parts: [{ name: 'b', size: 2 }] }), APPLY);
  assert.deepEqual(
    second.body.spec.parts.map((part: { name: string }) => part.name),
    ['a', 'b'],
  );
  const refused = await request('PATCH', by(path, 'two'), thing({ plain: ['y'], whole: { b: '2' } }), APPLY);
  assert.match(refused.body.message, /2 conflicts: conflicts with "one":\n- \.spec\.plain\n- \.spec\.whole$/);
  const gone = await request('PATCH', by(path, 'one'), thing({ whole: { b: '2' } }), APPLY);
  assert.deepEqual(gone.body.spec, { parts: [{ name: 'b', size: 2 }], whole: { b: '2' } });
});

test('a strategic patch puts a new item before those that are there', async () => {
  await request('POST', DEPLOYMENTS, applied('ordered', {}));
  const spec = { template: { spec: { containers: [{ name: 'new', image: 'new' }] } } };
  const { body } = await request('PATCH', `${DEPLOYMENTS}/ordered`, { spec }, STRATEGIC);
  const names = body.spec.template.spec.containers.map((one: { name: string }) => one.name);
  assert.deepEqual(names, ['new', 'main']);
});
