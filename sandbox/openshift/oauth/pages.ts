/** The HTML pages: the login form and the token page. The form has the same field names as OpenShift's. */

export interface LoginPage {
  /** Where the browser continues after the login. */
  readonly target: string;
  /** Proves that the form was shown by this server. */
  readonly csrf: string;
  readonly username?: string;
  readonly problem?: string;
}

export function loginPage({ target, csrf, username = '', problem }: LoginPage): string {
  const said = problem === undefined ? '' : `<p role="alert">${escaped(problem)}</p>`;
  return page(
    'Log in',
    `<h1>Log in to your account</h1>
${said}
<form action="/login" method="post" id="kc-form-login">
  <input type="hidden" name="then" value="${escaped(target)}">
  <input type="hidden" name="csrf" value="${escaped(csrf)}">
  <label for="inputUsername">Username</label>
  <input id="inputUsername" name="username" autocomplete="username" value="${escaped(username)}" autofocus required>
  <label for="inputPassword">Password</label>
  <input id="inputPassword" name="password" type="password" autocomplete="current-password" required>
  <button type="submit">Log in</button>
</form>`,
  );
}

export function tokenPage(token: string, server: string): string {
  return page(
    'Your API token',
    `<h1>Your API token is</h1>
<code>${escaped(token)}</code>
<h2>Log in with this token</h2>
<pre>oc login --token=${escaped(token)} --server=${escaped(server)}</pre>`,
  );
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title} · sandbox</title>
<style>body{font:16px/1.5 sans-serif;max-width:26rem;margin:4rem auto;padding:0 1rem}form{display:grid;gap:.5rem}
input,button{font:inherit;padding:.4rem}[role=alert]{color:#a30000}pre,code{overflow-wrap:anywhere;white-space:pre-wrap}</style>
</head><body>
${body}
<p>An OAuth server of Labwright’s sandbox, not of a cluster.</p>
</body></html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
