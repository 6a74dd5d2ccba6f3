/** The router as users see it: paths, stickiness, weights, annotations, and claims to a host. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { execa } from 'execa';
import { eventually } from '../../sandbox/controllers/fake-kubelet.ts';
import { startTestCluster, type TestCluster } from '../support/test-cluster.ts';

let cluster: TestCluster;
const DOMAIN = 'apps.routes.test';
const APP = `const { createServer } = require("http"); createServer((request, response) => setTimeout(() => response.end(process.env.HOSTNAME + " " + request.url + " " + request.headers["x-forwarded-port"]), request.url.includes("slow") ? 3000 : 0)).listen(8080)`;

async function curl(host: string, path = '/', ...args: string[]): Promise<string> {
  const options = ['-s', '-k', '-x', cluster.sandbox.proxy, ...args];
  const url = /^https?:/.test(host) ? `${host}.${DOMAIN}${path}` : `http://${host}.${DOMAIN}${path}`;
  return (await execa('curl', [...options, url], { reject: false })).stdout;
}
const code = (host: string, path = '/', ...args: string[]): Promise<string> =>
  curl(host, path, '-o', '/dev/null', '-w', '%{http_code}', ...args);

const app = (name: string, replicas: number): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: c
          image: busybox
          command: [node, -e, '${APP}']
          readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 1 }
---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: ${name} }, ports: [{ port: 80, targetPort: 8080 }] }
---`;
const route = (name: string, spec: string, annotations = '{}', namespace = 'default'): string => `
apiVersion: route.openshift.io/v1
kind: Route
metadata: { name: ${name}, namespace: ${namespace}, annotations: ${annotations} }
spec: { host: ${name}.${DOMAIN}, to: { kind: Service, name: web }, ${spec} }
---`;

before(async () => {
  cluster = await startTestCluster('routes');
  await cluster.feed(app('web', 3) + app('other', 1));
  await cluster.feed(
    [
      route('sticky', ''),
      route('foo', 'path: /foo'),
      route('slashed', 'path: /foo/'),
      route(
        'free',
        '',
        '{ haproxy.router.openshift.io/disable_cookies: "true", haproxy.router.openshift.io/balance: roundrobin }',
      ),
      route('source', '', '{ haproxy.router.openshift.io/balance: source }'),
      route('rewritten', 'path: /shop', '{ haproxy.router.openshift.io/rewrite-target: / }'),
      route('short', '', '{ haproxy.router.openshift.io/timeout: 500ms }'),
      route('nobody', 'port: { targetPort: 9999 }'),
      route(
        'edge',
        'tls: { termination: edge, insecureEdgeTerminationPolicy: Redirect }',
        '{ haproxy.router.openshift.io/hsts_header: max-age=60 }',
      ),
      route('closed', 'tls: { termination: edge }'),
      route(
        'split',
        'alternateBackends: [{ kind: Service, name: other, weight: 100 }]',
        '{ haproxy.router.openshift.io/disable_cookies: "true" }',
      ),
    ].join(''),
  );
  await cluster.kubectl('wait', '--for=condition=Available', 'deployment', '--all', '--timeout=40s');
  await eventually('the routes', async () => (await code('sticky')) === '200' && (await code('split')) === '200');
});
after(() => cluster?.stop());

const pods = (answers: readonly string[]): Set<string> => new Set(answers.map((one) => one.split(' ')[0] ?? ''));
async function times(count: number, ask: () => Promise<string>): Promise<string[]> {
  const answers: string[] = [];
  for (let index = 0; index < count; index += 1) answers.push(await ask());
  return answers;
}

test('a path is matched by segments', async () => {
  const codes = (host: string, paths: readonly string[]) => Promise.all(paths.map((path) => code(host, path)));
  assert.deepEqual(await codes('foo', ['/foo', '/foo/', '/foo/bar', '/foo?x=1', '/foobar', '/']), [
    ...['200', '200', '200', '200'],
    ...['503', '503'],
  ]);
  assert.deepEqual(await codes('slashed', ['/foo/', '/foo/bar', '/foo', '/foobar']), ['200', '200', '503', '503']);
});

test('a cookie keeps a browser on its pod, unless that is disabled', async () => {
  const jar = ['-c', '-', '-o', '/dev/null'];
  const cookie = /\t([0-9a-f]{32})\t(\S+)$/m.exec(await curl('sticky', '/', ...jar));
  assert.ok(cookie, 'a cookie is set');
  const kept = await times(12, () => curl('sticky', '/', '-b', `${cookie[1]}=${cookie[2]}`));
  assert.equal(pods(kept).size, 1);
  assert.equal(pods(await times(24, () => curl('sticky'))).size, 3);
  assert.doesNotMatch(await curl('free', '/', '-i'), /set-cookie/i);
  assert.equal(pods(await times(6, () => curl('free'))).size, 3);
  assert.equal(pods(await times(8, () => curl('source'))).size, 1);
});

test('weights apply to Services, however many pods each has', async () => {
  const answers = await times(40, () => curl('split'));
  // Round robin from an arbitrary start. Counted by pods it would be 10.
  const others = answers.filter((one) => one.startsWith('other-')).length;
  assert.ok(others >= 17 && others <= 23, `${others} of 40`);
});

test('rewrite-target, timeout and proxy headers work', async () => {
  assert.match(await curl('rewritten', '/shop/cart?x=1'), / \/cart\?x=1 80$/);
  assert.match(await curl('rewritten', '/shop'), / \/ 80$/);
  assert.equal(await code('short', '/slow'), '504');
});

test('without a ready pod, or for an unknown host, the router shows its own page', async () => {
  for (const host of ['nobody', 'unknown']) {
    assert.match(await curl(host), /<h1>Application is not available<\/h1>/);
    assert.equal(await code(host), '503');
  }
});

test('edge Routes redirect or refuse http, and send HSTS over https', async () => {
  assert.equal(await code('edge'), '302');
  assert.equal(await code('closed'), '503');
  assert.match(await curl('https://edge', '/', '-i'), /strict-transport-security: max-age=60/i);
  assert.match(await curl('https://closed'), /^web-\S+ \/ 443$/);
});

test('a host belongs to the namespace of its oldest Route, a path to its oldest Route', async () => {
  await cluster.kubectl('create', 'namespace', 'late');
  const claim = (name: string, namespace: string, host: string, spec = ''): string =>
    route(name, spec, '{}', namespace).replace(`host: ${name}.`, `host: ${host}.`);
  await cluster.feed(
    claim('thief', 'late', 'foo', 'path: /other') +
      claim('twin', 'default', 'foo', 'path: /foo') +
      claim('beside', 'default', 'foo', 'path: /bar') +
      route('wild', 'wildcardPolicy: Subdomain'),
  );
  const said = async (name: string, namespace = 'default'): Promise<string> =>
    cluster.kubectl(
      'get',
      'route',
      name,
      '-n',
      namespace,
      '-o',
      'jsonpath={.status.ingress[0].conditions[0].reason} {.status.ingress[0].conditions[0].message}',
    );
  await eventually('verdicts', async () => (await said('wild')).trim() !== '' && (await code('foo', '/bar')) === '200');
  assert.equal(
    await said('thief', 'late'),
    `HostAlreadyClaimed a route in another namespace holds foo.${DOMAIN} and is older than thief`,
  );
  assert.equal(await said('twin'), `HostAlreadyClaimed route foo already exposes foo.${DOMAIN} and is older`);
  assert.equal(await said('wild'), 'RouteNotAdmitted wildcard routes are not allowed');
  await cluster.kubectl('delete', 'route', 'foo');
  await eventually('the heir', async () => (await said('twin')).trim() === '');
});
