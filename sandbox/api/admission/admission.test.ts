import assert from 'node:assert/strict';
import https from 'node:https';
import { after, test } from 'node:test';
import { selfSigned } from '../../../certificates/self-signed.ts';
import { portOf } from '../../../model/ports.ts';
import { startApiServer } from '../index.ts';
import { PODS, pod, startServer } from '../testing.ts';

const server = await startServer();
const asked: { operation: string; name: string }[] = [];
const certificate = await selfSigned('webhook', { type: 'ip', value: '127.0.0.1' });
const caBundle = Buffer.from(certificate.cert).toString('base64');
const hook = https.createServer(certificate, (request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    const { request: review } = JSON.parse(body);
    asked.push({ operation: review.operation, name: review.name });
    const patch = Buffer.from(
      JSON.stringify([{ op: 'add', path: '/spec/containers/-', value: { name: 'side', image: 'side' } }]),
    ).toString('base64');
    const denied = { allowed: false, status: { message: 'not here' } };
    const answer = request.url === '/deny' ? denied : { allowed: true, patchType: 'JSONPatch', patch };
    response.end(
      JSON.stringify({
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        response: { uid: review.uid, ...answer },
      }),
    );
  });
});
await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
after(async () => {
  await server.api.stop();
  hook.closeAllConnections();
  hook.close();
});

const port = portOf(hook);

function configuration(kind: string, path: string, labels: Record<string, string>, extra = {}) {
  const rules = [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }];
  const webhook = {
    name: `${path}.example.com`,
    clientConfig: { url: `https://127.0.0.1:${port}/${path}`, caBundle },
    rules,
    objectSelector: { matchLabels: labels },
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    ...extra,
  };
  return { apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name: path }, webhooks: [webhook] };
}
const MUTATING = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';
const VALIDATING = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';

test('a mutating webhook changes the objects it selects, and what it adds gets its defaults', async () => {
  await server.request('POST', MUTATING, configuration('MutatingWebhookConfiguration', 'inject', { app: 'injected' }));
  const { body } = await server.request('POST', PODS, pod('injected'));
  assert.deepEqual(
    body.spec.containers.map((one: { name: string; imagePullPolicy: string }) => [one.name, one.imagePullPolicy]),
    [
      ['main', 'Always'],
      ['side', 'Always'],
    ],
  );
  const other = await server.request('POST', PODS, pod('plain'));
  assert.equal(other.body.spec.containers.length, 1);
  assert.deepEqual(
    asked,
    [{ operation: 'CREATE', name: 'injected' }].map((one) => ({ ...one, name: asked[0]?.name ?? '' })),
  );
});

test('a validating webhook denies with its words', async () => {
  await server.request('POST', VALIDATING, configuration('ValidatingWebhookConfiguration', 'deny', { app: 'denied' }));
  const { status, body } = await server.request('POST', PODS, pod('denied'));
  assert.deepEqual([status, body.message], [403, 'admission webhook "deny.example.com" denied the request: not here']);
});

test('a webhook that cannot be reached fails the request unless it says Ignore', async () => {
  const gone = { clientConfig: { url: 'https://127.0.0.1:1/gone' } };
  await server.request('POST', MUTATING, configuration('MutatingWebhookConfiguration', 'gone', { app: 'gone' }, gone));
  const { status, body } = await server.request('POST', PODS, pod('gone'));
  assert.equal(status, 500);
  assert.match(
    body.message,
    /failed calling webhook "gone\.example\.com": Post "https:\/\/127\.0\.0\.1:1\/gone\?timeout=10s"/,
  );
  await server.request('DELETE', `${MUTATING}/gone`);
  await server.request(
    'POST',
    MUTATING,
    configuration('MutatingWebhookConfiguration', 'ignored', { app: 'gone' }, { ...gone, failurePolicy: 'Ignore' }),
  );
  assert.equal((await server.request('POST', PODS, pod('gone'))).status, 201);
});

test('a kept connection that the webhook closes just as it is used again is not a failure', async (context) => {
  let calls = 0;
  const moody = https.createServer(certificate, (request, response) => {
    calls += 1;
    if (calls === 2) {
      request.socket.destroy();
      return;
    }
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { uid } = JSON.parse(body).request;
      response.end(
        JSON.stringify({
          apiVersion: 'admission.k8s.io/v1',
          kind: 'AdmissionReview',
          response: { uid, allowed: true },
        }),
      );
    });
  });
  await new Promise<void>((resolve) => moody.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    moody.closeAllConnections();
    moody.close();
  });
  const url = `https://127.0.0.1:${portOf(moody)}/`;
  const config = configuration(
    'ValidatingWebhookConfiguration',
    'moody',
    { app: 'moody' },
    {
      clientConfig: { url, caBundle },
    },
  );
  await server.request('POST', VALIDATING, config);
  const labels = { app: 'moody' };
  for (const name of ['first', 'second'])
    assert.equal((await server.request('POST', PODS, { ...pod(name), metadata: { name, labels } })).status, 201);
  assert.equal(calls, 3);
});

test('a webhook behind a Service is called at its address, by the name its certificate is for', async () => {
  const named = await selfSigned('webhook', { type: 'dns', value: 'judge.default.svc' });
  const judge = https.createServer(named, (request, response) => {
    request.on('data', () => undefined).on('end', () => response.end('{"response": {"allowed": false}}'));
  });
  await new Promise<void>((resolve) => judge.listen(0, '127.0.0.2', resolve));
  const at = portOf(judge);
  const service = { metadata: { name: 'judge' }, spec: { clusterIP: '127.0.0.2', ports: [{ port: at }] } };
  const local = await startApiServer({
    internal: { host: '127.0.0.1', port: 0 },
    tokens: new Map(),
    serviceCidr: '127.0.0.0/24',
  });
  const post = (path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' };
    return fetch(local.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  };
  assert.equal((await post('/api/v1/namespaces/default/services', service)).status, 201);
  const reference = {
    service: { namespace: 'default', name: 'judge', path: '/deny', port: at },
    caBundle: Buffer.from(named.cert).toString('base64'),
  };
  const config = configuration('ValidatingWebhookConfiguration', 'judge', {}, { clientConfig: reference });
  await post(VALIDATING, config);
  const answer = await (await post(PODS, pod('judged'))).json();
  // The webhook was called, but its answer is not a review of this request.
  assert.match(answer.message, /failed calling webhook .*expected response\.uid=/);
  await local.stop();
  judge.closeAllConnections();
  judge.close();
});
