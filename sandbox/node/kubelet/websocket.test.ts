import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { after, test } from 'node:test';
import { WebSocket } from 'ws';
import { portOf } from '../../../model/ports.ts';
import { acceptWebSocket, webSocketChannels } from './websocket.ts';

/** Repeats its input, and then reports its outcome. */
const server = http.createServer().on('upgrade', async (request, socket, head) => {
  const { stdin, stdout, finish } = webSocketChannels(await acceptWebSocket(request, socket, head));
  stdin?.once('data', (told: Buffer) => {
    stdout?.write(`told ${told.toString()}`);
    finish({ metadata: {}, status: 'Failure', message: 'exit code 3' });
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
after(() => {
  server.closeAllConnections();
  server.close();
});

async function converse(protocol: string, stdin: string | Buffer): Promise<{ text: string; isBinary: boolean }[]> {
  const socket = new WebSocket(`ws://127.0.0.1:${portOf(server)}`, [protocol]);
  const frames: { text: string; isBinary: boolean }[] = [];
  socket.on('message', (data: Buffer, isBinary) => frames.push({ text: data.toString('latin1'), isBinary }));
  await once(socket, 'open');
  socket.send(stdin);
  await once(socket, 'close');
  return frames;
}

test('base64.channel.k8s.io: the channel as a digit, the content in base64, a failure as text', async () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  assert.deepEqual(await converse('base64.channel.k8s.io', `0${base64('hello')}`), [
    { text: `1${base64('told hello')}`, isBinary: false },
    { text: `3${base64('exit code 3')}`, isBinary: false },
  ]);
});

test('v4.channel.k8s.io: the channel as a byte, a failure as a Status', async () => {
  const [said, status] = await converse('v4.channel.k8s.io', Buffer.from('\0hello'));
  assert.deepEqual(said, { text: '\x01told hello', isBinary: true });
  assert.equal(JSON.parse(status?.text.slice(1) ?? '').message, 'exit code 3');
});
