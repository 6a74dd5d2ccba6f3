/** Answers with its name and what reached it; `/slow` takes a second. Each request is a line on standard output. */
import { createServer } from 'node:http';

const rig = process.env['RIG'] ?? 'no rig';

createServer(({ method, url, headers }, response) => {
  const seen = { rig, method, url, headers };
  console.log(JSON.stringify(seen));
  const answer = () => response.writeHead(200, { 'x-rig': rig, 'x-inner': 'yes' }).end(`${JSON.stringify(seen)}\n`);
  if (url?.startsWith('/slow')) setTimeout(answer, 1_000);
  else answer();
}).listen(7070);
