/** Gets a token from the cluster's OAuth server, by name and password or through a browser (RFC 6749, with PKCE, RFC 7636). */
import { createHash, randomBytes } from 'node:crypto';
import { textAt } from '../model/fields.ts';
import { OcError } from './error.ts';
import { ask } from './http.ts';
import type { Cluster } from './kubeconfig.ts';

/** The OAuth clients that every OpenShift has: one for passwords, one for browsers. */
const CHALLENGING = 'openshift-challenging-client';
export const BROWSER = 'openshift-cli-client';

export interface OAuthServer {
  readonly issuer: string;
  readonly authorize: string;
  readonly token: string;
}

/** @throws {OcError} if the cluster has no OAuth server. */
export async function findOAuthServer(server: string, cluster: Cluster): Promise<OAuthServer> {
  const { status, body } = await ask(`${server}/.well-known/oauth-authorization-server`, cluster);
  const document = status === 200 ? parsed(body) : undefined;
  const [issuer, authorize, token] = ['issuer', 'authorization_endpoint', 'token_endpoint'].map((field) =>
    textAt(document, field),
  );
  if (issuer === undefined || authorize === undefined || token === undefined)
    throw new OcError(`${server} has no OAuth server of its own (${status}); log in with --token`);
  return { issuer, authorize, token };
}

/** A login in progress: the address to sign in at, and the verifier that proves that the code belongs to it. */
export interface Attempt {
  readonly client: string;
  readonly redirect: string;
  readonly verifier: string;
  readonly url: string;
}

export function attemptFor({ authorize }: OAuthServer, client: string, redirect: string): Attempt {
  const verifier = randomBytes(32).toString('base64url');
  const url = new URL(authorize);
  url.search = new URLSearchParams({
    client_id: client,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    redirect_uri: redirect,
    response_type: 'code',
  }).toString();
  return { client, redirect, verifier, url: url.href };
}

/** @returns a token; undefined if name or password is wrong. @throws {OcError} */
export async function tokenByPassword(
  oauth: OAuthServer,
  cluster: Cluster,
  { name, password }: { readonly name: string; readonly password: string },
): Promise<string | undefined> {
  const attempt = attemptFor(oauth, CHALLENGING, `${oauth.issuer}/oauth/token/implicit`);
  const credentials = Buffer.from(`${name}:${password}`).toString('base64');
  const headers = { 'x-csrf-token': '1', authorization: `Basic ${credentials}` };
  const { status, headers: answered } = await ask(attempt.url, cluster, { headers });
  if (status === 401) return undefined;
  const code = new URL(answered.location ?? '', oauth.issuer).searchParams.get('code');
  if (status !== 302 || code === null) throw new OcError(`the OAuth server answered with ${status}, without a code`);
  return tokenByCode(oauth, cluster, attempt, code);
}

/** @throws {OcError} if the server does not accept the code. */
export async function tokenByCode(
  oauth: OAuthServer,
  cluster: Cluster,
  attempt: Attempt,
  code: string,
): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: attempt.client,
    code,
    code_verifier: attempt.verifier,
    redirect_uri: attempt.redirect,
  }).toString();
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    authorization: `Basic ${Buffer.from(`${attempt.client}:`).toString('base64')}`,
  };
  const answer = await ask(oauth.token, cluster, { method: 'POST', headers, body });
  const token = textAt(parsed(answer.body), 'access_token');
  if (token === undefined) throw new OcError(`the OAuth server gave no token (${answer.status})`);
  return token;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
