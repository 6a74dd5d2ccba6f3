/** Who may ask for a token on somebody's behalf, and where the answer may go: the OAuth clients that every OpenShift has. */

/** What `oc login -u -p` is: it answers a challenge instead of showing a page. */
export const CHALLENGING = 'openshift-challenging-client';
const CLI = 'openshift-cli-client';
const BROWSER = 'openshift-browser-client';

/** @param issuer address of the server. @returns whether the client is known and may be answered at that address. */
export function mayRedirect(client: string, redirect: string, issuer: string): boolean {
  if (client === CHALLENGING) return redirect === `${issuer}/oauth/token/implicit`;
  if (client === BROWSER) return redirect === `${issuer}/oauth/token/display`;
  if (client !== CLI || !URL.canParse(redirect)) return false;
  // Any port of this machine, as RFC 8252 wants it for programs.
  const { protocol, hostname, pathname } = new URL(redirect);
  return protocol === 'http:' && ['127.0.0.1', '[::1]'].includes(hostname) && pathname === '/callback';
}

export function redirectOf(client: string, issuer: string): string | undefined {
  if (client === CHALLENGING) return `${issuer}/oauth/token/implicit`;
  return client === BROWSER ? `${issuer}/oauth/token/display` : undefined;
}
