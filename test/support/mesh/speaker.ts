/**
 * A server for tests of the mesh. Port 5000 answers HTTP with status 200 and method, path and headers as JSON, `/keys` with the
 * variable KEYS, and anything else with `raw`. On port 5001 the server speaks first: `welcome`.
 */
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Socket } from 'node:net';

const http = createHttpServer((request, response) => {
  const { method, url, headers } = request;
  if (url === '/keys') return void response.end(process.env['KEYS'] ?? '');
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ pod: process.env['POD'] ?? '', method, url, headers }));
});

createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.once('data', (first) => {
    if (!/^[A-Z]+ \S+ HTTP\//.test(first.toString('latin1'))) return void socket.end('raw\n');
    socket.pause();
    socket.unshift(first);
    http.emit('connection', socket);
    socket.resume();
  });
}).listen(5000);

createServer((socket: Socket) => {
  socket.on('error', () => socket.destroy());
  socket.end('welcome\n');
}).listen(5001);
