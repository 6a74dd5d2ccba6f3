/** A Telemetry controls a proxy's logs and metrics. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../../../sandbox/controllers/fake-kubelet.ts';
import { Mesh } from '../../support/mesh/mesh.ts';
import { pod, service } from '../../support/mesh/test-mesh.ts';

const SPEAKER = 'image: mesh.test/speaker, ports: [{ containerPort: 5000 }]';
const APPS = [
  pod('speaker', true, SPEAKER),
  service('speaker', ['{ name: http, port: 80, targetPort: 5000 }']),
  pod('caller', true, 'image: busybox, command: [sleep, infinity]'),
].join('');
let mesh: Mesh;

before(async () => {
  mesh = await Mesh.start('2.6', APPS, ['proxy: { accessLogging: { file: { name: /dev/stdout } } }']);
});
after(() => mesh?.stop());

const telemetry = (name: string, spec: string): string => `
apiVersion: telemetry.istio.io/v1alpha1
kind: Telemetry
metadata: { name: ${name}, namespace: app }
spec: { ${spec} }
`;

function log(of: string): Promise<string> {
  return mesh.cluster.kubectl('logs', '-n', 'app', of, '-c', 'istio-proxy');
}

async function ask(path: string): Promise<void> {
  assert.deepEqual(await mesh.http('caller', `http://speaker${path}`), ['200']);
}

let asked = 0;

/**
 * As with Istio, connections from before a change of the listener keep their log, so requests are sent until one is not logged.
 * @param end the end without a log line, while the client has one.
 */
async function silent(end: string, start: string): Promise<void> {
  await eventually(`no line of ${end}`, async () => {
    asked += 1;
    const path = `${start}-${asked}`;
    await ask(path);
    await eventually('the line of the client', async () => (await log('caller')).includes(path));
    return !(await log(end)).includes(path);
  });
}

const metrics = (of: string): Promise<string> =>
  mesh.cluster.kubectl(
    'exec',
    '-n',
    'app',
    of,
    '-c',
    'istio-proxy',
    '--',
    'curl',
    '-s',
    'localhost:15090/stats/prometheus',
  );

test('without one, both ends log as the mesh is configured', async () => {
  await ask('/both');
  for (const end of ['caller', 'speaker'])
    await eventually(`the line of ${end}`, async () => (await log(end)).includes('GET /both HTTP'));
});

test('logs can be disabled for one end, or filtered by request', async () => {
  await mesh.apply(telemetry('logs', 'accessLogging: [{ match: { mode: SERVER }, disabled: true }]'));
  await silent('speaker', '/client-only');
  await mesh.apply(
    telemetry(
      'logs',
      'accessLogging: [{ providers: [{ name: envoy }], filter: { expression: \'request.url_path == "/kept"\' } }]',
    ),
  );
  await eventually('the new log', async () => {
    await ask('/kept');
    return (await log('speaker')).includes('/kept');
  });
  await ask('/left-out');
  await ask('/kept');
  for (const end of ['caller', 'speaker']) {
    await eventually(`the line of ${end}`, async () => (await log(end)).includes('/kept'));
    assert.ok(!(await log(end)).includes('/left-out'), end);
  }
});

test('a workload’s Telemetry takes precedence over its namespace’s', async () => {
  await mesh.apply(
    telemetry('one', 'selector: { matchLabels: { app: speaker } }, accessLogging: [{ disabled: true }]'),
  );
  await silent('speaker', '/kept?again');
});

test('a metric can be disabled, or a label removed', async () => {
  // Of several in a namespace, the oldest counts.
  for (const name of ['logs', 'one']) await mesh.delete('telemetry', name);
  await ask('/counted');
  await eventually('a count', async () => /istio_requests_total\{.*response_flags="-"/.test(await metrics('caller')));
  await mesh.apply(
    telemetry(
      'counts',
      `metrics: [{ providers: [{ name: prometheus }], overrides: [
        { match: { metric: REQUEST_COUNT, mode: SERVER }, disabled: true },
        { match: { metric: REQUEST_COUNT, mode: CLIENT }, tagOverrides: { response_flags: { operation: REMOVE } } }] }]`,
    ),
  );
  const total = async (of: string, lines: RegExp): Promise<number> =>
    [...(await metrics(of)).matchAll(lines)].reduce((sum, [, n]) => sum + Number(n), 0);
  const client = (): Promise<number> => total('caller', /^istio_requests_total\{(?!.*response_flags).*\} (\d+)$/gm);
  const server = (): Promise<number> => total('speaker', /^istio_requests_total\{.*\} (\d+)$/gm);
  // A connection from before the change is still counted at the server. What the old listener counted goes with it.
  await eventually('requests that only the client counts', async () => {
    const before = await server();
    // A second one, since the server may count the first a moment later.
    for (const path of ['/uncounted', '/uncounted-either']) {
      const counted = await client();
      await ask(path);
      await eventually('one more at the client, without the label', async () => (await client()) === counted + 1);
    }
    return (await server()) <= before;
  });
});

test('unsupported settings are reported', async () => {
  const said = await mesh.cluster
    .feed(telemetry('traced', 'tracing: [{ randomSamplingPercentage: 10 }]'))
    .catch(String);
  assert.match(said, /telemetry.*created/);
  const status = await mesh.cluster.kubectl(
    ...'get event -n app --field-selector reason=FieldWithoutEffect -o jsonpath={.items[*].message}'.split(' '),
  );
  assert.match(status, /spec\.tracing has no effect in the sandbox/);
});
