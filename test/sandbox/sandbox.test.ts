/** The sandbox as users see it, with real namespaces and the real kubectl. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { type Sandbox, startSandbox } from '../../sandbox/index.ts';
import { kubectlFlags } from '../support/kubectl.ts';

const run = promisify(execFile);
let sandbox: Sandbox;
const kubectl = async (...args: string[]): Promise<string> => {
  const { stdout } = await run('kubectl', [...kubectlFlags(sandbox.kubeconfig), ...args]);
  return stdout.trim();
};

const MANIFEST = `
apiVersion: v1
kind: Pod
metadata: { name: store, namespace: default, labels: { app: store } }
spec:
  containers:
    - { name: c, image: redis:6, ports: [{ name: client, containerPort: 6379 }], readinessProbe: { tcpSocket: { port: client } } }
---
apiVersion: v1
kind: Service
metadata: { name: store, namespace: default }
spec: { selector: { app: store }, ports: [{ port: 80, targetPort: client }] }
---
apiVersion: v1
kind: Service
metadata: { name: nobody, namespace: default }
spec: { selector: { app: nobody }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: words, namespace: default }
data: { greeting: hello }
---
apiVersion: v1
kind: Pod
metadata: { name: tool, namespace: default }
spec:
  terminationGracePeriodSeconds: 5
  volumes: [{ name: words, configMap: { name: words } }]
  containers:
    - name: c
      image: busybox
      command: [sh, -c, 'cat /words/greeting; echo " from $(ME)"; exec sleep infinity']
      env: [{ name: ME, valueFrom: { fieldRef: { fieldPath: metadata.name } } }]
      volumeMounts: [{ name: words, mountPath: /words }]
---
apiVersion: v1
kind: Pod
metadata: { name: unknown, namespace: default }
spec: { containers: [{ name: c, image: 'nobody/knows:1' }] }
---
apiVersion: v1
kind: Pod
metadata: { name: stand-in, namespace: default }
spec: { containers: [{ name: c, image: 'registry.redhat.io/openshift-service-mesh/grafana-rhel8:2.0.7' }] }
`;

before(async () => {
  sandbox = await startSandbox({ name: 'unit', images: [] });
  const apply = spawn('kubectl', [...kubectlFlags(sandbox.kubeconfig), 'apply', '-f', '-'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  apply.stdin.end(MANIFEST);
  await new Promise((resolve) => apply.once('exit', resolve));
  await kubectl('wait', '--for=condition=Ready', 'pod/store', 'pod/tool', 'pod/stand-in', '--timeout=20s');
});
after(() => sandbox?.stop());

test('three workers are ready', async () => {
  const lines = (await kubectl('get', 'nodes', '--no-headers')).split('\n');
  assert.equal(lines.length, 3);
  for (const line of lines) assert.match(line, / Ready +worker /);
});

test('a pod has its environment and volumes, and its log is kept', async () => {
  assert.equal(await kubectl('logs', 'tool'), 'hello from tool');
});

test('a Service is reached by name from another pod, and one without endpoints refuses connections', async () => {
  assert.equal(await kubectl('exec', 'tool', '--', 'redis-cli', '-h', 'store', '-p', '80', 'ping'), 'PONG');
  const refused = await kubectl('exec', 'tool', '--', 'curl', '-s', '-m', '5', 'nobody').catch((error) => error);
  assert.equal(refused.code, 7);
});

test('exec returns the exit code and both streams', async () => {
  const failed = await kubectl('exec', 'tool', '--', 'sh', '-c', 'echo out; echo err >&2; exit 7').catch(
    (error) => error,
  );
  assert.equal(failed.code, 7);
  assert.equal(failed.stdout, 'out\n');
  assert.match(failed.stderr, /^err\n/);
});

test('an unknown image is named in an event that says what to do', async () => {
  const events = await kubectl('get', 'events', '--field-selector', 'involvedObject.name=unknown');
  assert.match(events, /knows no program for image "nobody\/knows:1": add it to /);
});

test('a stand-in for an operator’s program refuses every command', async () => {
  const refused = await kubectl('exec', 'stand-in', '--', 'echo', 'hello').catch((error) => error);
  assert.equal(refused.code, 1);
  assert.match(
    refused.stderr,
    /container "c" stands in for registry\.redhat\.io\/openshift-service-mesh\/grafana-rhel8:2\.0\.7, which the sandbox does not run: there is nothing to run "echo hello" in/,
  );
});

test('a deleted pod ends and disappears', async () => {
  await kubectl('delete', 'pod', 'tool', '--timeout=10s');
  assert.equal(await kubectl('get', 'pod', 'tool', '--ignore-not-found'), '');
});

test('a sandbox ends with the process that started it, even by SIGKILL, and leaves no directory', async () => {
  const program = `
    const { startSandbox } = await import(${JSON.stringify(new URL('../../sandbox/index.ts', import.meta.url).href)});
    const { pid, directory } = await startSandbox({ name: 'killed', images: [], until: 'api' });
    console.log(JSON.stringify({ pid, directory }));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<Buffer>((resolve) => child.stdout.once('data', resolve));
  const { pid, directory }: { pid: number; directory: string } = JSON.parse(line.toString());
  assert.ok(existsSync(directory));
  child.kill('SIGKILL');
  const deadline = Date.now() + 5_000;
  while ((existsSync(`/proc/${pid}/ns/net`) || existsSync(directory)) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal(existsSync(directory), false);
});

test('stopping twice has no further effect', async () => {
  const short = await startSandbox({ name: 'short', images: [], until: 'api' });
  await Promise.all([short.stop(), short.stop()]);
  await short.stop();
  assert.match((await short.ended).reason, /exit code 0|signal/);
  assert.equal(existsSync(short.directory), false);
});
