/** A real Envoy writes the access log that the control plane asks for. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import test, { after, before } from 'node:test';
import { accessLine } from '../../../host/access-log/line.ts';
import { App } from '../../../sandbox/mesh/testing/app.ts';
import { ENVOY, LiveGateway } from '../../../sandbox/mesh/testing/live-gateway.ts';

const skip = existsSync(ENVOY) ? false : 'Envoy is not there: node setup/index.js';
let gateway: LiveGateway;

before(async () => {
  if (skip !== false) return;
  gateway = await LiveGateway.start([new App('plum', 'ripe')]);
});
after(async () => {
  if (skip === false) await gateway[Symbol.asyncDispose]();
});

/** Waits until the proxy has these settings. @returns the log line of one request. */
async function lineUnder(settings: string, path: string): Promise<string> {
  gateway.change({ settings });
  await gateway.apply([{ route: [{ destination: { host: 'fruit' } }] }]);
  await gateway.get(path, 'gardener');
  return gateway.line(path);
}

test('with a file, it has Istio’s text format', { skip }, async () => {
  const line = await lineUnder('accessLogFile: /dev/stdout', '/text');
  assert.match(line, /^\[\d{4}-\d\d-\d\dT[\d:.]+Z\] "GET \/text HTTP\/1\.1" 200 - "-" "-" 0 4 \d+ \d+ /);
  assert.match(
    line,
    / "gardener no\. \d+" "[\w-]{36}" "stall\.test" "127\.0\.0\.1:\d+" outbound\|8111\|\|fruit\.orchard\./,
  );
});

test('with JSON encoding, it has Istio’s JSON format', { skip }, async () => {
  const line = await lineUnder('{accessLogFile: /dev/stdout, accessLogEncoding: JSON}', '/json');
  const { path, protocol, response_code, bytes_sent } = JSON.parse(line) as Record<string, unknown>;
  assert.deepEqual([path, protocol, response_code, bytes_sent], ['/json', 'HTTP/1.1', 200, 4]);
});

test('with a custom format, it has that format, as text and as JSON', { skip }, async () => {
  const text = '{accessLogFile: /dev/stdout, accessLogFormat: "<%REQ(:PATH)%>"}';
  assert.equal(await lineUnder(text, '/own-text'), '</own-text>');
  const json = `{accessLogFile: /dev/stdout, accessLogEncoding: JSON, accessLogFormat: '{"where": "%REQ(:PATH)%"}'}`;
  assert.equal(await lineUnder(json, '/own-json'), '{"where":"/own-json"}');
});

test('a Telemetry filters requests, and can enable a log by itself', {
  skip,
}, async () => {
  const telemetry = (accessLogging: object) => ({
    apiVersion: 'telemetry.istio.io/v1alpha1',
    kind: 'Telemetry',
    metadata: { name: 'logs', namespace: 'orchard' },
    ...{ spec: { accessLogging: [accessLogging] } },
  });
  const filter = { expression: "request.url_path.startsWith('/kept')" };
  gateway.change({ objects: [telemetry({ providers: [{ name: 'envoy' }], filter })] });
  await lineUnder('', '/kept/first');
  await gateway.get('/dropped');
  assert.match(await lineUnder('', '/kept/second'), /"GET \/kept\/second HTTP\/1\.1" 200/);
  assert.ok(!gateway.logged('/dropped'));
  gateway.change({ objects: [] });
});

test('without settings, it has the sandbox’s own format', { skip }, async () => {
  const line = await lineUnder('', '/silence');
  assert.equal((JSON.parse(line) as Record<string, unknown>)['path'], '/silence');
});

test('all of these formats except custom ones can be parsed, with the route that was taken', { skip }, async () => {
  for (const settings of ['', 'accessLogFile: /dev/stdout', '{accessLogFile: /dev/stdout, accessLogEncoding: JSON}']) {
    const line = accessLine(await lineUnder(settings, '/read'));
    assert.ok(line, settings);
    assert.deepEqual([line.path, line.status, line.requestId.length], ['/read', 200, 36]);
    assert.match(line.cluster, /^outbound\|8111\|\|fruit\.orchard\./);
    assert.match(line.upstream, /^127\.0\.0\.1:\d+$/);
    if (settings === '') assert.match(line.config, /\/namespaces\/[^/]+\/virtual-service\/[^/]+$/);
  }
});
