/** `oc login --web`: the user signs in with a browser, which returns a code to a local server. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { portOf } from '../model/ports.ts';
import { OcError } from './error.ts';
import type { Cluster } from './kubeconfig.ts';
import { attemptFor, BROWSER, type OAuthServer, tokenByCode } from './oauth.ts';

/** Long enough for a person to sign in; a lab's step has its own deadline. */
const SIGN_IN_MS = 300_000;

/** @param port 0 for any free port. @returns a token. @throws {OcError} if nobody signs in, or the server refuses. */
export async function tokenByBrowser(oauth: OAuthServer, cluster: Cluster, port: number): Promise<string> {
  const arrived = Promise.withResolvers<URLSearchParams>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname !== '/callback') return void response.writeHead(404).end();
    const told = url.searchParams.has('code')
      ? 'access token received successfully; please return to your terminal'
      : 'the login was refused';
    response.writeHead(200, { 'content-type': 'text/plain', connection: 'close' }).end(`${told}\n`);
    arrived.resolve(url.searchParams);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const timeout = setTimeout(() => arrived.reject(new OcError('nobody signed in within 5 minutes')), SIGN_IN_MS);
  try {
    const listening = portOf(server);
    const attempt = attemptFor(oauth, BROWSER, `http://127.0.0.1:${listening}/callback`);
    console.log(`Opening login URL in the default browser: ${attempt.url}`);
    openBrowser(attempt.url);
    const answered = await arrived.promise;
    const code = answered.get('code');
    if (code === null) throw new OcError(`${answered.get('error') ?? 'the login was refused'}`);
    return await tokenByCode(oauth, cluster, attempt, code);
  } finally {
    clearTimeout(timeout);
    server.close();
    server.closeAllConnections();
  }
}

/** Without a browser, the user opens the address that was printed. */
function openBrowser(url: string): void {
  const program = process.env['BROWSER'] ?? (process.platform === 'darwin' ? 'open' : 'xdg-open');
  const child = spawn(program, [url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
