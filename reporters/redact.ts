/**
 * Second line of defence: evidence should contain no secret when it arrives here, but a certificate is mailed around, so anything
 * that looks like a credential is removed from every string before it is shown.
 */

export const REDACTED = '[redacted]';

/** Each pattern keeps the context (group 1) and drops the secret. */
const SECRETS: readonly RegExp[] = [
  /()-----BEGIN [A-Z0-9 ]*(?:PRIVATE KEY|CERTIFICATE)-----[\s\S]*?(?:-----END [A-Z0-9 ]*-----|$)/g,
  /()\bsha256~[\w-]{8,}/g,
  // JSON Web Tokens: header and payload are both base64 of `{"`.
  /()\beyJ[\w-]{8,}\.eyJ[\w-]{4,}(?:\.[\w-]*)?/g,
  // The same two encoded in base64, as in Secrets and kubeconfigs.
  /()\b(?:ZXlK|LS0tLS1CRUdJTi)[\w+/=-]{16,}/g,
  /(\bbearer[\s:=]+)[\w.~+/=-]{6,}/gi,
  /(\bauthorization["']?\s*[:=]\s*["']?basic\s+)[a-z0-9+/]{8,}={0,2}/gi,
  /((?:^|[\s"'`[,(])--?(?:token|password|passwd|client-key-data|client-certificate-data)(?:=["']?|\s+["']?|["']\s*,\s*["']))(?!\[redacted\]|\$)[^\s"'`,)\]]+/gim,
  /(\b(?:access_token|refresh_token|id_token|token|password|client-key-data|client-certificate-data)["']?\s*[:=]\s*["']?)(?!\[redacted\])[\w.~+/=-]{12,}/gi,
  /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:)[^\s/@]+(?=@)/gi,
];

/** Replaces tokens, passwords and keys in a text. */
export function redact(text: string): string {
  return SECRETS.reduce((clean, pattern) => clean.replace(pattern, `$1${REDACTED}`), text);
}

const SECRET_KEYS =
  /^(?:token|access_?token|refresh_?token|id_?token|bearer|password|passwd|client-key-data|authorization)$/i;

/** A value is secret if its key says so, whatever it looks like. */
export function namesSecret(key: string): boolean {
  return SECRET_KEYS.test(key);
}
