import assert from 'node:assert/strict';
import { once } from 'node:events';
import https from 'node:https';
import net from 'node:net';
import { after, test } from 'node:test';
import { WebSocket } from 'ws';
import { selfSigned } from '../../../certificates/self-signed.ts';
import { portOf } from '../../../model/ports.ts';
import { deployment, MERGE, PODS, pod, startServer } from '../testing.ts';

const server = await startServer();
const seen: string[] = [];
const kubelet = https.createServer(await selfSigned('kubelet'), (request, response) => {
  seen.push(request.url ?? '');
  response.end('line one\nline two\n');
});
kubelet.on('upgrade', (request, socket) => {
  seen.push(`${request.method} ${request.url} ${request.headers.upgrade} ${request.headers.authorization}`);
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n');
  socket.pipe(socket);
});
await new Promise<void>((resolve) => kubelet.listen(0, '127.0.0.1', resolve));
const port = portOf(kubelet);
after(async () => {
  await server.api.stop();
  kubelet.closeAllConnections();
  kubelet.close();
});
const status = {
  addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
  daemonEndpoints: { kubeletEndpoint: { Port: port } },
};
await server.request('POST', '/api/v1/nodes', { metadata: { name: 'one' }, status });
await server.request('POST', PODS, pod('runs', { nodeName: 'one' }));
await server.request('POST', PODS, pod('waits'));

test('logs come from the kubelet of the node of the pod', async () => {
  const { body } = await server.request('GET', `${PODS}/runs/log?tailLines=2`);
  assert.equal(body, 'line one\nline two\n');
  assert.equal(seen.at(-1), '/containerLogs/default/runs/main?tailLines=2');
  const wrong = await server.request('GET', `${PODS}/runs/log?container=nope`);
  assert.deepEqual([wrong.status, wrong.body.message], [400, 'container nope is not valid for pod runs']);
  const early = await server.request('GET', `${PODS}/waits/log`);
  assert.equal(early.body.message, 'pod waits does not have a host assigned');
});

test('a log over WebSocket comes in binary frames, or in base64 if the client asks for that', async () => {
  const address = server.api.url.replace('http', 'ws');
  const read = async (protocol: string) => {
    const socket = new WebSocket(`${address}${PODS}/runs/log?follow=true`, [protocol]);
    const frames: [string, boolean][] = [];
    socket.on('message', (data: Buffer, isBinary) => frames.push([data.toString(), isBinary]));
    await once(socket, 'close');
    return [frames.map(([text]) => text).join(''), frames[0]?.[1]];
  };
  assert.deepEqual(await read('binary.k8s.io'), ['line one\nline two\n', true]);
  const [text, isBinary] = await read('base64.binary.k8s.io');
  assert.deepEqual([Buffer.from(String(text), 'base64').toString(), isBinary], ['line one\nline two\n', false]);
});

function upgrade(path: string): Promise<string> {
  const { hostname, port: apiPort } = new URL(server.api.url);
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(apiPort), hostname, () => {
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nContent-Length: 0\r\n\r\n`,
      );
    });
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
      if (text.endsWith('\r\n\r\n')) socket.write('ping');
      if (text.endsWith('ping') || text.endsWith('}')) {
        socket.destroy();
        resolve(text);
      }
    });
    socket.on('error', reject);
  });
}

test('exec is tunnelled with its upgrade, without the token of the client', async () => {
  const text = await upgrade(`${PODS}/runs/exec?command=ls&command=-l&stdin=true&stdout=true&tty=true`);
  assert.match(text, /^HTTP\/1\.1 101 [\s\S]*ping$/);
  assert.equal(
    seen.at(-1),
    'POST /exec/default/runs/main?command=ls&command=-l&input=1&output=1&tty=1 SPDY/3.1 undefined',
  );
  assert.match(await upgrade(`${PODS}/none/exec?command=ls`), /^HTTP\/1\.1 404 [\s\S]*pods \\"none\\" not found/);
});

test('scale changes the replicas and nothing else', async () => {
  const path = '/apis/apps/v1/namespaces/default/deployments';
  await server.request('POST', path, deployment('scaled'));
  const { body } = await server.request('PATCH', `${path}/scaled/scale`, { spec: { replicas: 4 } }, MERGE);
  assert.deepEqual([body.kind, body.spec.replicas, body.status.selector], ['Scale', 4, 'app=scaled']);
});

test('the scheduler binds a pod once', async () => {
  const target = { target: { kind: 'Node', name: 'one' } };
  assert.equal((await server.request('POST', `${PODS}/waits/binding`, target)).status, 201);
  assert.equal((await server.request('GET', `${PODS}/waits`)).body.spec.nodeName, 'one');
  assert.equal((await server.request('POST', `${PODS}/waits/binding`, target)).status, 409);
});
