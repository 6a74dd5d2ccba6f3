/** The OAuth clients of every OpenShift cluster, and the addresses that they may redirect to. */

/** The client of `oc login -u -p`, which answers a Basic challenge instead of showing a page. */
export const CHALLENGING = 'openshift-challenging-client';
const CLI = 'openshift-cli-client';
const BROWSER = 'openshift-browser-client';

/** @param issuer the URL of the server. @returns whether the client is known and may redirect to that address. */
export function mayRedirect(client: string, redirect: string, issuer: string): boolean {
  if (client === CHALLENGING) return redirect === `${issuer}/oauth/token/implicit`;
  if (client === BROWSER) return redirect === `${issuer}/oauth/token/display`;
  if (client !== CLI || !URL.canParse(redirect)) return false;
  // Any local port, as RFC 8252 requires for native apps.
  const { protocol, hostname, pathname } = new URL(redirect);
  return protocol === 'http:' && ['127.0.0.1', '[::1]'].includes(hostname) && pathname === '/callback';
}

/** @returns the client's default address, `undefined` for a client without one. */
export function redirectOf(client: string, issuer: string): string | undefined {
  if (client === CHALLENGING) return `${issuer}/oauth/token/implicit`;
  return client === BROWSER ? `${issuer}/oauth/token/display` : undefined;
}
