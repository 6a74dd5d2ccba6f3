/** Takes secrets out of everything that leaves the host: what it knows to be secret, and what looks like it. */

const PATTERNS: readonly [RegExp, string][] = [
  [/sha256~[\w-]{20,}/g, 'sha256~[redacted]'],
  [/(--token[= ]|[Bb]earer\s+)[\w.~+/-]{8,}=*/g, '$1[redacted]'],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+/g, '[redacted]'],
  [/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?-----END \1-----/g, '[redacted private key]'],
];

/** @param secrets exact values, such as a token. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const known = secrets.filter((secret) => secret.length >= 8);
  return (text) => {
    let clean = text;
    for (const secret of known) clean = clean.replaceAll(secret, '[redacted]');
    for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement);
    return clean;
  };
}

/** The same for every string in a JSON document. */
export function redactDeep<T>(value: T, redact: (text: string) => string): T {
  return JSON.parse(JSON.stringify(value), (_key, leaf: unknown) =>
    typeof leaf === 'string' ? redact(leaf) : leaf,
  ) as T;
}
