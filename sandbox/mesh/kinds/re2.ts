/** Validates regular expressions as RE2 does. */
const MOST_REPEATS = 1_000;

const RULES: readonly { readonly found: RegExp; readonly says: string }[] = [
  { found: /\(\?<?[=!]/, says: 'invalid or unsupported Perl syntax' },
  { found: /\(\?>/, says: 'invalid or unsupported Perl syntax' },
  { found: /\\[1-9]/, says: 'invalid escape sequence' },
  { found: /\\[ceghijklmoquyGHIJKLMNORTUVXYZ]/, says: 'invalid escape sequence' },
  { found: /\\x(?![0-9A-Fa-f]{2}|\{)/, says: 'invalid escape sequence' },
  { found: /[*+?}][*+]|[*+?]\?[*+?]/, says: 'invalid nested repetition operator' },
  { found: /(^|[(|])[*+?](?!\?)/, says: 'missing argument to repetition operator' },
];

/** @returns undefined if RE2 accepts it. */
export function re2Problem(pattern: string): string | undefined {
  // Quoted text, escapes and classes have no grammar inside.
  const bare = pattern.replace(/\\[\\.^$|()[\]{}*+?/-]/g, 'x').replace(/\[\^?\]?(?:\[:\w+:\]|[^\]])*\]/g, 'x');
  const groups = bare.replace(/\(\?(?:P?<\w+>|[imsU]*-?[imsU]*:?)/g, '(');
  for (const { found, says } of RULES) {
    const [text] = found.exec(found.source.startsWith('\\(\\?') ? bare : groups) ?? [];
    if (text !== undefined) return `error parsing regexp: ${says}: \`${text}\``;
  }
  const repeats = [...groups.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].find(([, from, to]) =>
    [from, to].some((count) => Number(count ?? 0) > MOST_REPEATS),
  );
  if (repeats !== undefined) return `error parsing regexp: invalid repeat count: \`${repeats[0]}\``;
  const open = balance(groups);
  if (open !== undefined) return `error parsing regexp: ${open}: \`${pattern}\``;
  try {
    new RegExp(likeJavaScript(pattern));
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(': ').at(-1) ?? '') : String(error);
    return `error parsing regexp: ${reason.toLowerCase()}: \`${pattern}\``;
  }
}

/** Number of groups that a valid expression captures. */
export function groupsOf(pattern: string): number {
  const bare = pattern.replace(/\\./g, 'x').replace(/\[\^?\]?(?:\[:\w+:\]|[^\]])*\]/g, 'x');
  return [...bare.matchAll(/\((?!\?)|\(\?P?</g)].length;
}

function balance(text: string): string | undefined {
  if (text.includes('[')) return 'missing closing ]';
  let depth = 0;
  for (const sign of text) {
    if (sign === '(') depth += 1;
    if (sign === ')') depth -= 1;
    if (depth < 0) return 'unexpected )';
  }
  if (depth > 0) return 'missing closing )';
  return text.endsWith('\\') ? 'trailing backslash at end of expression' : undefined;
}

/** RE2's syntax where JavaScript's differs. */
function likeJavaScript(pattern: string): string {
  return pattern
    .replace(/\(\?P</g, '(?<')
    .replace(/\(\?[imsU]*-?[imsU]*\)/g, '')
    .replace(/\(\?[imsU]*-?[imsU]*:/g, '(?:')
    .replace(/\[:\^?\w+:\]/g, 'a-z')
    .replace(/(\[\^?)\](?=[^[]*\])/g, '$1\\]')
    .replace(/\\Q.*?(\\E|$)/g, 'x')
    .replace(/\\[AzC]/g, '')
    .replace(/\\[pP](\{\^?\w+\}|\w)/g, 'x');
}
