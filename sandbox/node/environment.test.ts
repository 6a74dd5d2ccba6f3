import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expand, resourceOf, serviceVariables } from './environment.ts';
import { commandOf } from './plan.ts';

const service = (name: string, clusterIP: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { clusterIP, ports: [{ name: 'client-port', port: 6379 }] },
});

test('a Service has the variables of Docker links', () => {
  const variables = serviceVariables([service('redis-master', '172.30.1.2')]);
  assert.equal(variables['REDIS_MASTER_SERVICE_HOST'], '172.30.1.2');
  assert.equal(variables['REDIS_MASTER_SERVICE_PORT_CLIENT_PORT'], '6379');
  assert.equal(variables['REDIS_MASTER_PORT'], 'tcp://172.30.1.2:6379');
  assert.equal(variables['REDIS_MASTER_PORT_6379_TCP_ADDR'], '172.30.1.2');
});

test('a headless Service has no variables', () => {
  assert.deepEqual(serviceVariables([service('db', 'None')]), {});
});

test('known names are expanded, unknown ones and doubled dollar signs are kept', () => {
  assert.equal(expand('$(A)-$(B)-$$(A)', { A: '1' }), '1-$(B)-$(A)');
});

test('args replace the image’s arguments, command replaces everything', () => {
  const image = {
    reference: 'x',
    command: ['serve'],
    args: ['--all'],
    env: {},
    workingDir: undefined,
    proxy: false,
    placeholder: false,
    digest: '',
  };
  const base = { name: 'c', image: 'x' };
  assert.deepEqual(commandOf(base, image, {}), ['serve', '--all']);
  assert.deepEqual(commandOf({ ...base, args: ['$(P)'] }, image, { P: '80' }), ['serve', '80']);
  assert.deepEqual(commandOf({ ...base, command: ['sh'] }, image, {}), ['sh']);
});

test('resources are given in whole cores and in bytes', () => {
  const container = { name: 'c', image: 'x', resources: { limits: { cpu: '500m', memory: '64Mi' } } };
  assert.equal(resourceOf(container, 'limits.cpu'), '1');
  assert.equal(resourceOf(container, 'limits.memory'), String(64 * 2 ** 20));
});
