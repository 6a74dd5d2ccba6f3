/** Answers with its name and version. With UPSTREAM it adds the answer from there, and forwards the reader's name. */
import { createServer, type IncomingMessage } from 'node:http';

const { NAME = 'page', VERSION = 'v1', UPSTREAM } = process.env;

createServer((request, response) => {
  void told(request).then((said) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader('x-page', `${NAME} ${VERSION}`);
    response.end(`<!doctype html><title>${NAME}</title><p>${NAME} ${VERSION}${said}</p>\n`);
  });
}).listen(9080);

async function told({ headers }: IncomingMessage): Promise<string> {
  if (UPSTREAM === undefined) return '';
  const reader = headers['end-user'];
  const answer = await fetch(UPSTREAM, typeof reader === 'string' ? { headers: { 'end-user': reader } } : {});
  return `; reviews: ${answer.headers.get('x-page') ?? 'nobody'} ${answer.status}`;
}
