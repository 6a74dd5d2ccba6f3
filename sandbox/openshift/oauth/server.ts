/**
 * The sandbox's OAuth server, like OpenShift's: `oc login -u -p` answers a Basic challenge, `oc login --web` opens the login
 * page in a browser. It uses the address of the API server, and issues tokens that the API server accepts.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Account, Accounts, isSame } from './accounts.ts';
import { builtInClient, CHALLENGING, type FindClient, type OAuthClient } from './clients.ts';
import { Grants } from './grants.ts';
import { loginPage, tokenPage } from './pages.ts';

const DAY_S = 86_400;
/** More than the size of any form here. */
const LARGEST_FORM = 16 * 1024;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly issuer: string;
}

export class OAuthServer {
  readonly #accounts: Accounts;
  readonly #registered: FindClient;
  readonly #grants = new Grants();
  readonly #paths: Readonly<Record<string, (exchange: Exchange) => void | Promise<void>>> = {
    'GET /.well-known/oauth-authorization-server': (exchange) => json(exchange, 200, metadata(exchange.issuer)),
    'GET /oauth/authorize': (exchange) => this.#authorize(exchange),
    'POST /oauth/token': (exchange) => this.#exchangeCode(exchange),
    'GET /oauth/token/request': ({ response, issuer }) => redirect(response, displayUrl(issuer)),
    'GET /oauth/token/display': (exchange) => this.#display(exchange),
    'GET /login': (exchange) => this.#showLogin(exchange),
    'POST /login': (exchange) => this.#logIn(exchange),
  };

  /** @param registered finds the clients that are not every cluster's own. */
  constructor(accounts: readonly Account[], registered: FindClient) {
    this.#accounts = new Accounts(accounts);
    this.#registered = registered;
  }

  /** @returns whether the request is for this server, and has been answered. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const issuer = `https://${request.headers.host ?? 'localhost'}`;
    const url = new URL(request.url ?? '/', issuer);
    const handler = this.#paths[`${request.method} ${url.pathname}`];
    if (handler === undefined) return false;
    await handler({ request, response, url, issuer });
    return true;
  }

  async #clientOf(name: string, issuer: string): Promise<OAuthClient | undefined> {
    return builtInClient(name, issuer) ?? (await this.#registered(name));
  }

  async #authorize(exchange: Exchange): Promise<void> {
    const { request, response, url, issuer } = exchange;
    const asked = url.searchParams;
    const client = asked.get('client_id') ?? '';
    const known = await this.#clientOf(client, issuer);
    const target = asked.get('redirect_uri') ?? known?.redirect ?? '';
    // Never redirect to an address that is not registered for the client.
    if (known?.mayRedirect(target) !== true) return void json(exchange, 400, problem('unauthorized_client'));
    if (client === CHALLENGING && request.headers['x-csrf-token'] === undefined)
      return void challenge(response, 'A non-empty X-CSRF-Token header is required to receive basic-auth challenges');
    const account =
      client === CHALLENGING
        ? this.#accounts.checkBasic(request.headers.authorization)
        : this.#grants.accountOf(cookie(request, 'ssn'));
    if (account !== undefined) return void this.#grant(exchange, { account, client, target });
    if (client === CHALLENGING) return void challenge(response);
    redirect(response, `/login?then=${encodeURIComponent(url.pathname + url.search)}`);
  }

  #grant(exchange: Exchange, to: { account: Account; client: string; target: string }): void {
    const asked = exchange.url.searchParams;
    const state = asked.get('state');
    const answer = new URLSearchParams(state === null ? {} : { state });
    if (asked.get('response_type') === 'token') {
      for (const [key, value] of Object.entries(tokenAnswer(to.account))) answer.set(key, String(value));
      return void redirect(exchange.response, `${to.target}#${answer}`);
    }
    if (asked.get('response_type') !== 'code') return void json(exchange, 400, problem('unsupported_response_type'));
    const value = asked.get('code_challenge');
    const method = asked.get('code_challenge_method') ?? 'plain';
    if (value !== null && method !== 'S256' && method !== 'plain')
      return void json(exchange, 400, problem('invalid_request'));
    const { account, client, target } = to;
    const plain = method === 'plain' ? 'plain' : 'S256';
    answer.set(
      'code',
      this.#grants.code({
        account,
        client,
        redirect: target,
        challenge: value === null ? undefined : { value, method: plain },
      }),
    );
    redirect(exchange.response, `${target}?${answer}`);
  }

  async #exchangeCode(exchange: Exchange): Promise<void> {
    const form = await formOf(exchange.request);
    if (form.get('grant_type') !== 'authorization_code')
      return void json(exchange, 400, problem('unsupported_grant_type'));
    const [named = '', proof = ''] = basicOf(exchange.request);
    const client = named || (form.get('client_id') ?? '');
    const { secrets = [] } = (await this.#clientOf(client, exchange.issuer)) ?? {};
    if (secrets.length > 0 && !secrets.some((secret) => isSame(secret, proof || (form.get('client_secret') ?? ''))))
      return void json(exchange, 400, problem('unauthorized_client'));
    const account = this.#grants.redeem(
      form.get('code') ?? '',
      client,
      form.get('redirect_uri') ?? '',
      form.get('code_verifier') ?? undefined,
    );
    if (account === undefined) return void json(exchange, 400, problem('invalid_grant'));
    json(exchange, 200, tokenAnswer(account));
  }

  #showLogin(exchange: Exchange, again: { username?: string; problem?: string } = {}): void {
    const { response, url } = exchange;
    const csrf = cookie(exchange.request, 'csrf') ?? randomBytes(32).toString('base64url');
    response.setHeader('set-cookie', `csrf=${csrf}; Path=/; Secure; HttpOnly; SameSite=Strict`);
    html(response, loginPage({ target: url.searchParams.get('then') ?? '/oauth/token/request', csrf, ...again }));
  }

  async #logIn(exchange: Exchange): Promise<void> {
    const { request, response } = exchange;
    const form = await formOf(request);
    const then = form.get('then') ?? '';
    exchange.url.searchParams.set('then', then);
    const username = form.get('username') ?? '';
    if (form.get('csrf') === null || form.get('csrf') !== cookie(request, 'csrf'))
      return void this.#showLogin(exchange, { username, problem: 'Could not check CSRF token. Please try again.' });
    const account = this.#accounts.check(username, form.get('password') ?? '');
    if (account === undefined)
      return void this.#showLogin(exchange, { username, problem: 'Invalid login or password. Please try again.' });
    response.setHeader('set-cookie', `ssn=${this.#grants.session(account)}; Path=/; Secure; HttpOnly; SameSite=Lax`);
    // Redirect only within this server.
    redirect(response, /^\/(?![/\\])/.test(then) ? then : '/oauth/token/request');
  }

  #display({ response, url, issuer }: Exchange): void {
    const account = this.#grants.redeem(
      url.searchParams.get('code') ?? '',
      'openshift-browser-client',
      `${issuer}/oauth/token/display`,
      undefined,
    );
    if (account === undefined) return void redirect(response, '/oauth/token/request');
    html(response, tokenPage(account.token, issuer));
  }
}

function metadata(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    scopes_supported: [
      'user:check-access',
      'user:full',
      'user:info',
      'user:list-projects',
      'user:list-scoped-projects',
    ],
    response_types_supported: ['code', 'token'],
    grant_types_supported: ['authorization_code', 'implicit'],
    code_challenge_methods_supported: ['plain', 'S256'],
  };
}

function displayUrl(issuer: string): string {
  const asked = {
    client_id: 'openshift-browser-client',
    redirect_uri: `${issuer}/oauth/token/display`,
    response_type: 'code',
  };
  return `/oauth/authorize?${new URLSearchParams(asked)}`;
}

function tokenAnswer({ token }: Account): Record<string, string | number> {
  return { access_token: token, expires_in: DAY_S, scope: 'user:full', token_type: 'Bearer' };
}

function problem(error: string): object {
  return { error, error_description: `the request was refused: ${error.replaceAll('_', ' ')}` };
}

function challenge(response: ServerResponse, warning?: string): void {
  if (warning === undefined) response.setHeader('www-authenticate', 'Basic realm="openshift"');
  else response.setHeader('warning', `199 Origin ${JSON.stringify(warning)}`);
  response.writeHead(401, { 'content-type': 'text/plain' }).end();
}

function json({ response }: Exchange, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(`${JSON.stringify(body)}\n`);
}

function html(response: ServerResponse, body: string): void {
  response
    .writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    })
    .end(body);
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location, 'cache-control': 'no-store' }).end();
}

/** Name and secret of an OAuth client, each escaped as in a form (RFC 6749, 2.3.1). */
function basicOf(request: IncomingMessage): string[] {
  const encoded = /^basic\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const parts = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return parts.map((part) => new URLSearchParams(`value=${part}`).get('value') ?? '');
}

function cookie(request: IncomingMessage, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((one) => one.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const length = Number(request.headers['content-length'] ?? 0);
  if (!(length <= LARGEST_FORM)) return new URLSearchParams();
  return new URLSearchParams(await text(request));
}
