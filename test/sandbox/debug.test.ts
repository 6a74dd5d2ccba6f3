/** `kubectl debug` adds a container to a running pod. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestCluster, type TestCluster } from '../support/test-cluster.ts';

let cluster: TestCluster;

before(async () => {
  cluster = await startTestCluster('debug');
});
after(() => cluster?.stop());

test('an ephemeral container runs beside the others, in their network, and ends without a restart', async () => {
  await cluster.kubectl('run', 'store', '--image=redis:6');
  await cluster.kubectl(...'wait pod/store --for=condition=Ready --timeout=30s'.split(' '));
  const command = ['sh', '-c', 'redis-cli ping; exit 3'];
  await cluster.kubectl('debug', 'store', '--image=redis:6', '--container=look', '--target=store', '--', ...command);
  const state = '{.status.ephemeralContainerStatuses[0].state.terminated.exitCode}';
  await cluster.kubectl('wait', 'pod/store', `--for=jsonpath=${state}=3`, '--timeout=20s');
  assert.equal(await cluster.kubectl('logs', 'store', '-c', 'look'), 'PONG');
  assert.equal(
    await cluster.kubectl('get', 'pod', 'store', '--no-headers', '-o', 'custom-columns=:status.phase'),
    'Running',
  );
});
