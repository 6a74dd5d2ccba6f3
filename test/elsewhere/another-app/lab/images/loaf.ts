/** Answers with the grain it bakes, the request, and the caller's identity as reported by the mesh. */
import { createServer } from 'node:http';

const grain = process.env['GRAIN'] ?? 'no grain';

createServer((request, response) => {
  const { url, headers } = request;
  response.setHeader('x-grain', grain);
  response.setHeader('content-type', 'text/html; charset=utf-8');
  const asked = JSON.stringify({
    url,
    host: headers.host,
    added: headers['x-added'],
    client: headers['x-forwarded-client-cert'],
  });
  response.end(`<!doctype html><title>${grain}</title><h1>${grain}</h1><pre>${asked.replaceAll('<', '&lt;')}</pre>\n`);
}).listen(8085);
