/** Variables that commands set and read, as far as the text shows. */

/** Variables that the lab's shell has from the start. */
const GIVEN: ReadonlySet<string> = new Set(
  `PATH HOME PWD OLDPWD USER LOGNAME SHELL HOSTNAME LANG LC_ALL TERM TZ TMPDIR KUBECONFIG LABWRIGHT_TOKEN LABWRIGHT_SERVER
  HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy SSL_CERT_FILE SSL_CERT_DIR RANDOM SECONDS EPOCHSECONDS UID EUID
  PPID SHLVL IFS PS1 PS4 LINENO OPTARG OPTIND REPLY COLUMNS LINES FUNCNAME PIPESTATUS BASH BASHPID BASH_VERSION BASH_REMATCH
  BASH_SOURCE MAPFILE EDITOR`.split(/\s+/),
);

/** Names that the command sets in any way. */
export function variablesSetBy(command: string): string[] {
  const text = command.replace(/'[^']*'/g, "''");
  return [
    ...[...text.matchAll(/(?:^|[\s;&|({`"])([A-Za-z_]\w*)(?:\[[^\]]*\])?\+?=/g)].map(([, name = '']) => name),
    ...[...text.matchAll(/\b(?:for|select)\s+([A-Za-z_]\w*)\b/g)].map(([, name = '']) => name),
    ...[...text.matchAll(/\b(?:read|mapfile|readarray)\s+((?:-\w+\s+)*)([A-Za-z_][\w ]*)/g)].flatMap(
      ([, , names = '']) => names.trim().split(/\s+/),
    ),
    ...[...text.matchAll(/\b(?:export|declare|local|typeset|readonly)\s+((?:-\w+\s+)*)([A-Za-z_][\w ]*)/g)].flatMap(
      ([, , names = '']) => names.trim().split(/\s+/),
    ),
    ...[...text.matchAll(/\bprintf\s+-v\s+(\w+)/g)].map(([, name = '']) => name),
    ...[...text.matchAll(/\$\{(\w+):?=/g)].map(([, name = '']) => name),
  ];
}

export interface ReadVariable {
  readonly name: string;
  /** Line within the text, from 0. */
  readonly line: number;
}

/** Names that a text reads and that must have a value: not those with a default, and not those that are only tested. */
export function variablesReadBy(text: string): readonly ReadVariable[] {
  const seen = withoutQuoted(text);
  const found: ReadVariable[] = [];
  for (const match of seen.matchAll(/(\\*)\$(?:\{(\w+)([^}]*)\}|([A-Za-z_]\w*))/g)) {
    const [, escapes = '', braced, rest = '', bare] = match;
    const name = braced ?? bare ?? '';
    if (escapes.length % 2 === 1 || !/^[A-Za-z_]/.test(name) || GIVEN.has(name)) continue;
    if (/^:?[-=+?]/.test(rest)) continue;
    const before = seen.slice(0, match.index);
    if (/-[zn]\s+"?$/.test(before)) continue;
    found.push({ name, line: before.split('\n').length - 1 });
  }
  return found;
}

/** The same text with blanks in place of what bash does not expand: single quotes and here-documents with a quoted word. */
function withoutQuoted(text: string): string {
  const blank = (part: string) => part.replace(/[^\n]/g, ' ');
  const documents = text.replace(
    /<<-?\s*(?:'([^'\n]+)'|"([^"\n]+)"|\\(\w+))[^\n]*\n[\s\S]*?\n\s*(?:\1\2\3)(?=\n|$)/g,
    blank,
  );
  let result = '';
  let quote = '';
  for (let at = 0; at < documents.length; at += 1) {
    const sign = documents[at] ?? '';
    if (quote === "'") {
      result += sign === '\n' ? '\n' : ' ';
      if (sign === "'") quote = '';
      continue;
    }
    if (sign === '\\') {
      result += documents.slice(at, at + 2);
      at += 1;
      continue;
    }
    if (sign === '"') quote = quote === '"' ? '' : '"';
    else if (sign === "'" && quote === '') {
      quote = "'";
      result += ' ';
      continue;
    } else if (sign === '#' && quote === '' && /\s/.test(documents[at - 1] ?? '\n')) {
      const end = documents.indexOf('\n', at);
      const comment = documents.slice(at, end < 0 ? documents.length : end);
      result += blank(comment);
      at += comment.length - 1;
      continue;
    }
    result += sign;
  }
  return result;
}
