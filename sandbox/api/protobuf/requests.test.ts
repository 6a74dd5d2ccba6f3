/** Requests in protobuf, as Go operators and kubectl since 1.31 send them. */

import assert from 'node:assert/strict';
import https from 'node:https';
import { after, test } from 'node:test';
import protobuf from 'protobufjs/minimal.js';
import { selfSigned } from '../../../certificates/self-signed.ts';
import { portOf } from '../../../model/ports.ts';
import { PODS, pod, startServer } from '../testing.ts';

const server = await startServer();
const seen: string[] = [];
const certificate = await selfSigned('webhook', { type: 'ip', value: '127.0.0.1' });
const hook = https.createServer(certificate, (request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on('end', () => {
    const { uid, name } = JSON.parse(body).request;
    seen.push(name);
    response.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', response: { uid, allowed: true } }));
  });
});
await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
after(async () => {
  await server.api.stop();
  hook.closeAllConnections();
  hook.close();
});

/** Encodes a message from strings and messages by field number. A list is written once for each item. */
interface Fields {
  readonly [number: number]: string | Fields | readonly (string | Fields)[];
}

function encode(fields: Fields): Uint8Array {
  const writer = protobuf.Writer.create();
  for (const [number, value] of Object.entries(fields)) {
    const values: readonly (string | Fields)[] = Array.isArray(value) ? value : [value];
    for (const one of values) {
      writer.uint32((Number(number) << 3) | 2);
      if (typeof one === 'string') writer.string(one);
      else writer.bytes(encode(one));
    }
  }
  return writer.finish();
}

async function post(path: string, apiVersion: string, kind: string, object: Fields): Promise<Response> {
  const envelope = protobuf.Writer.create()
    .uint32(10)
    .bytes(encode({ 1: apiVersion, 2: kind }))
    .uint32(18)
    .bytes(encode(object))
    .finish();
  const headers = { 'content-type': 'application/vnd.kubernetes.protobuf' };
  const body = Buffer.concat([Buffer.from('k8s\0'), envelope]);
  return fetch(server.api.url + path, { method: 'POST', headers, body });
}

test('a webhook that an operator registers in protobuf is called', async () => {
  const port = portOf(hook);
  const rule = { 1: ['CREATE'], 2: { 1: [''], 2: ['v1'], 3: ['pods'], 4: '*' } };
  const webhook = {
    1: 'see.example.com',
    2: { 2: certificate.cert, 3: `https://127.0.0.1:${port}/` },
    3: [rule],
    4: 'Fail',
    6: 'None',
    8: ['v1'],
  };
  const path = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
  const answer = await post(path, 'admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', {
    1: { 1: 'see' },
    2: [webhook],
  });
  assert.equal(answer.status, 201);
  await server.request('POST', PODS, pod('seen'));
  assert.deepEqual(seen, ['seen']);
});

test('an empty text in a list or a map is kept', async () => {
  const entry = { 1: 'empty', 2: '' };
  const answer = await post('/api/v1/namespaces/default/configmaps', 'v1', 'ConfigMap', {
    1: { 1: 'kept' },
    2: [entry],
  });
  assert.deepEqual([answer.status, (await answer.json()).data], [201, { empty: '' }]);
});
