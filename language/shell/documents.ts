/** Here-documents of a command: their text, and whether bash expands variables in it. */

export interface HereDocument {
  readonly text: string;
  /** Of its first line within the command, from 0. */
  readonly line: number;
  /** Bash does not expand it. */
  readonly verbatim: boolean;
  /** The line of the command that names it. */
  readonly opener: string;
}

export function hereDocuments(command: string): readonly HereDocument[] {
  const lines = command.split('\n');
  const found: HereDocument[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const opener = lines[index] ?? '';
    for (const match of opener.matchAll(/(?<!<)<<(-?)\s*(?:'([^']+)'|"([^"]+)"|(\\?)([^\s;|&<>()]+))/g)) {
      const [, dash, single, double, backslash, bare] = match;
      const word = single ?? double ?? bare ?? '';
      const strip = (line: string) => (dash === '-' ? line.replace(/^\t+/, '') : line);
      const from = index + 1;
      const end = lines.findIndex((line, number) => number >= from && strip(line) === word);
      const until = end < 0 ? lines.length : end;
      found.push({
        text: lines.slice(from, until).map(strip).join('\n'),
        line: from,
        verbatim: single !== undefined || double !== undefined || backslash === '\\',
        opener,
      });
      index = until;
    }
  }
  return found;
}
