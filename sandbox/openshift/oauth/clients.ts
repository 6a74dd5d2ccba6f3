/**
 * The OAuth clients, and the addresses that they may redirect to: those of every OpenShift cluster, and those that an OAuthClient
 * object registers, such as a web console.
 */
import { type Client, type KubeObject, resource } from '../../client/client.ts';

/** The client of `oc login -u -p`, which answers a Basic challenge instead of showing a page. */
export const CHALLENGING = 'openshift-challenging-client';
const CLI = 'openshift-cli-client';
const BROWSER = 'openshift-browser-client';
const BUILT_IN: readonly string[] = [CHALLENGING, CLI, BROWSER];

export interface OAuthClient {
  /** @returns whether the client may redirect to that address. */
  readonly mayRedirect: (address: string) => boolean;
  /** Where it redirects to if it names no address. */
  readonly redirect: string | undefined;
  /** Any of them proves the client when it exchanges a code; empty for a client that needs none. Never logged. */
  readonly secrets: readonly string[];
}

/** @returns undefined if no such client is registered. */
export type FindClient = (name: string) => Promise<OAuthClient | undefined>;

interface OAuthClientObject extends KubeObject {
  readonly secret?: string;
  readonly additionalSecrets?: readonly string[];
  readonly redirectURIs?: readonly string[];
}

const OAUTH_CLIENTS = resource<OAuthClientObject>('oauth.openshift.io/v1', 'OAuthClient', 'oauthclients', 'cluster');

/** Finds the clients that OAuthClient objects register. */
export function registeredClients(client: Client): FindClient {
  return async (name) => {
    const found = name === '' ? undefined : await client.find(OAUTH_CLIENTS, name);
    if (found === undefined) return undefined;
    const { secret = '', additionalSecrets = [], redirectURIs = [] } = found;
    return {
      mayRedirect: (address) => redirectURIs.some((base) => isBelow(base, address)),
      redirect: redirectURIs[0],
      secrets: [secret, ...additionalSecrets].filter((one) => one !== ''),
    };
  };
}

/** @param issuer the URL of the server. @returns undefined for a name that is not one of every cluster's clients. */
export function builtInClient(name: string, issuer: string): OAuthClient | undefined {
  if (!BUILT_IN.includes(name)) return undefined;
  if (name === CLI) return { mayRedirect: isLocalCallback, redirect: undefined, secrets: [] };
  const redirect = `${issuer}/oauth/token/${name === CHALLENGING ? 'implicit' : 'display'}`;
  return { mayRedirect: (address) => address === redirect, redirect, secrets: [] };
}

/** Any local port, as RFC 8252 requires for native apps. */
function isLocalCallback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, pathname } = new URL(address);
  return protocol === 'http:' && ['127.0.0.1', '[::1]'].includes(hostname) && pathname === '/callback';
}

/** A registered address allows the paths below it too. */
function isBelow(base: string, address: string): boolean {
  if (!URL.canParse(base) || !URL.canParse(address)) return false;
  const [allowed, asked] = [new URL(base), new URL(address)];
  const folder = allowed.pathname.endsWith('/') ? allowed.pathname : `${allowed.pathname}/`;
  return allowed.origin === asked.origin && `${asked.pathname}/`.startsWith(folder);
}
