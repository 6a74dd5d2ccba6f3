/** Stable hashes in Kubernetes' format. */

/** Kubernetes' alphabet for generated names: no vowels and no 0, 1, 3, so that no words are formed. */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789';

export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/** JSON with sorted keys and without undefined fields: equal objects give equal text. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`);
  return `{${fields.join(',')}}`;
}

/** The decimal digits of a 32-bit hash in the safe alphabet, as `rand.SafeEncodeString` does: mostly 9 or 10 characters. */
export function safeHash(value: unknown): string {
  const digits = String(fnv1a(canonical(value)));
  return [...digits].map((digit) => SAFE[digit.charCodeAt(0) % SAFE.length]).join('');
}

/** `pod-template-hash` of a template; `collisionCount` as in a Deployment's status. */
export function templateHash(template: unknown, collisionCount = 0): string {
  return safeHash(collisionCount === 0 ? template : [template, collisionCount]);
}

/** Random characters of the safe alphabet, e.g. for `install-xxxxx`. */
export function randomName(length = 5): string {
  return Array.from({ length }, () => SAFE[Math.floor(Math.random() * SAFE.length)]).join('');
}
