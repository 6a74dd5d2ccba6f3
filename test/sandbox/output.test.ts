import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestCluster, type TestCluster } from '../support/test-cluster.ts';

let cluster: TestCluster;
before(async () => {
  cluster = await startTestCluster('stdio');
  await cluster.feed(`
apiVersion: v1
kind: Pod
metadata: { name: named }
spec:
  restartPolicy: Never
  containers:
    - name: c
      image: busybox
      stdin: true
      command: [sh, -c, 'echo hi > /dev/stdout; echo oh > /dev/stderr; read line; echo "got $line"']
`);
  await cluster.kubectl('wait', '--for=condition=Ready', 'pod/named', '--timeout=20s');
});
after(() => cluster?.stop());

test('a program can open /dev/stdout and /dev/stderr by name, and its log contains both', async () => {
  assert.deepEqual((await cluster.kubectl('logs', 'named')).split('\n').sort(), ['hi', 'oh']);
});

test('a program run by exec can open them too, and long output arrives in full', async () => {
  const echoed = await cluster.feed('words', 'exec', '-i', 'named', '--', 'sh', '-c', 'cat > /dev/stdout');
  assert.equal(echoed, 'words');
  // kubectl uses a WebSocket from 1.31 on, and SPDY before.
  for (const webSockets of ['true', 'false']) {
    process.env['KUBECTL_REMOTE_COMMAND_WEBSOCKETS'] = webSockets;
    const long = await cluster.kubectl('exec', 'named', '--', 'seq', '100000');
    assert.equal(long.split('\n').length, 100_000, `over WebSocket: ${webSockets}`);
  }
  delete process.env['KUBECTL_REMOTE_COMMAND_WEBSOCKETS'];
});

test('attach sends input to the program and follows its output until it ends', async () => {
  const heard = await cluster.feed('it\n', 'attach', '-i', 'named');
  assert.match(heard, /got it/);
  assert.match(await cluster.kubectl('logs', 'named'), /got it/);
});
