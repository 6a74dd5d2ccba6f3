/** Removes secrets from everything that leaves the host: known secrets, and anything that looks like one. */
import { ownFormat } from '../model/own-format.ts';

const PATTERNS: readonly [RegExp, string][] = [
  [/sha256~[\w-]{20,}/g, 'sha256~[redacted]'],
  [/(--token[= ]|[Bb]earer\s+)[\w.~+/-]{8,}=*/g, '$1[redacted]'],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+/g, '[redacted]'],
  [/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?-----END \1-----/g, '[redacted private key]'],
];

/** @param secrets exact values, such as a token. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const known = secrets.filter((secret) => secret.length >= 8);
  const encoded = known.flatMap(inBase64);
  return (text) => {
    let clean = text;
    for (const secret of known) clean = clean.replaceAll(secret, '[redacted]');
    for (const pattern of encoded) clean = clean.replace(pattern, '[redacted]');
    for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement);
    return clean;
  };
}

/**
 * Base64 of a text that contains the secret, as in Secrets and Basic credentials. It depends on the number of preceding bytes.
 */
function inBase64(secret: string): RegExp[] {
  return [0, 1, 2].map((before) => {
    const whole = Buffer.from('\0'.repeat(before) + secret).toString('base64');
    // Characters that also encode bits of the surrounding text are covered by the pattern.
    const own = whole.replace(/=+$/, '').slice(before === 0 ? 0 : before + 1, -1);
    return new RegExp(`[\\w+/]*${own.replace(/[+/]/g, '\\$&')}[\\w+/]*=*`, 'g');
  });
}

/** The same for every string in a JSON document. */
export function redactDeep<T>(value: T, redact: (text: string) => string): T {
  const redacted = JSON.parse(JSON.stringify(value), (_key, leaf: unknown) =>
    typeof leaf === 'string' ? redact(leaf) : leaf,
  );
  return ownFormat<T>(redacted);
}
