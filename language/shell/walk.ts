/**
 * Follows a lab's commands in order, as far as their text shows: the directory, the variables, cloned repositories and files
 * written by here-documents. A path given to `oc` can then be resolved to a file.
 */
import { basename, join, normalize } from 'node:path';
import type { Repository } from '../../model/lab.ts';
import { hereDocuments } from './documents.ts';
import { variablesSetBy } from './variables.ts';

/** A place in the student's file system. `~start` is the directory in which the shell starts. */
const START = '~start';

/** A file that a command wrote; `text` is absent if its content is known only in a run. */
interface Written {
  readonly text?: string;
  /** Line of the block in which its text begins, and the number of the block. */
  readonly line: number;
  readonly block: number;
}

export type Found =
  | { readonly kind: 'repository'; readonly repository: Repository; readonly path: string }
  | { readonly kind: 'written'; readonly file: Written }
  | { readonly kind: 'missing'; readonly path: string }
  /** Its place is unknown. */
  | { readonly kind: 'unknown' };

export class ShellWalk {
  readonly #repositories: readonly Repository[];
  /** Undefined: set, to a value known only in a run. */
  readonly #variables = new Map<string, string | undefined>([['PWD', START]]);
  readonly #clones = new Map<string, Repository>();
  readonly #files = new Map<string, Written>();
  #directory: string | undefined = START;
  /** A program may have written anything: a missing file is then not an error. */
  #wroteUnseen = false;

  constructor(repositories: readonly Repository[]) {
    this.#repositories = repositories;
  }

  isSet(name: string): boolean {
    return this.#variables.has(name);
  }

  /** Applies one command's effects. @param line of the block in which it begins. @param block number of the block. */
  take(command: string, line: number, block: number): void {
    for (const document of hereDocuments(command)) {
      const target =
        />\s*(?:"([^"]+)"|'([^']+)'|([^\s;|&<>]+))/.exec(document.opener) ??
        /\btee\s+(?:-a\s+)?()()([^\s;|&<>-]\S*)/.exec(document.opener);
      const path = this.#resolve(target?.[1] ?? target?.[2] ?? target?.[3] ?? '');
      if (path === undefined) continue;
      const text = document.verbatim ? document.text : this.expand(document.text);
      this.#files.set(path, { line: line + document.line, block, ...(text === undefined ? {} : { text }) });
    }
    const [head = ''] = command.split(/<<-?\s*['"\\]?\w+/);
    for (const part of head.split(/\n|;|&&|\|\||\|/)) this.#takeSimple(part.trim(), line, block);
    for (const name of variablesSetBy(command)) if (!this.#variables.has(name)) this.#variables.set(name, undefined);
  }

  #takeSimple(command: string, line: number, block: number): void {
    const words = wordsOf(command);
    const [program = '', ...rest] = words;
    const assignment = /^(?:export\s+|declare\s+(?:-\w+\s+)*)?([A-Za-z_]\w*)=(.*)$/s.exec(command);
    if (assignment !== null) {
      this.#assign(assignment[1] ?? '', assignment[2] ?? '');
      return;
    }
    if (program === 'cd')
      this.#directory = rest.length === 0 || rest[0] === '-' ? undefined : this.#resolve(rest[0] ?? '');
    else if (program === 'pushd' || program === 'popd') this.#directory = undefined;
    else if (program === 'git' && rest.includes('clone')) this.#clone(rest.slice(rest.indexOf('clone') + 1));
    else if (
      /^(?:curl|wget|cp|mv|tar|unzip|sed|envsubst|make|git|bash|sh|source|\.|\.\/.*|python3?|yq|jq|helm|kustomize|istioctl)$/.test(
        program,
      )
    )
      this.#wroteUnseen = true;
    this.#variables.set('PWD', this.#directory);
    const redirected = /(?<!<)>{1,2}\s*(?:"([^"]+)"|'([^']+)'|([^\s;|&<>]+))/.exec(command);
    const path = redirected === null ? undefined : this.#resolve(redirected[1] ?? redirected[2] ?? redirected[3] ?? '');
    if (path !== undefined && !this.#files.has(path)) this.#files.set(path, { line, block });
  }

  #assign(name: string, written: string): void {
    const plain = written.replaceAll(/\$\(pwd\)|`pwd`/g, '${PWD}');
    this.#variables.set(name, /[`(]/.test(plain) ? undefined : this.expand(unquoted(wordsOf(plain)[0] ?? '')));
  }

  #clone(words: readonly string[]): void {
    const named = words.filter(
      (word, index) =>
        !word.startsWith('-') && !/^(?:-b|--branch|--depth|-o|--origin|-c)$/.test(words[index - 1] ?? ''),
    );
    const [written = '', directory] = named;
    const url = this.expand(written);
    const path = this.#resolve(directory ?? basename(url ?? '', '.git'));
    const plain = (text: string) => text.replace(/\.git$|\/$/g, '');
    const repository = this.#repositories.find((known) => plain(known.url) === plain(url ?? ''));
    if (path === undefined) return;
    if (repository === undefined) this.#files.set(path, { line: 0, block: -1 });
    else this.#clones.set(path, repository);
  }

  /** Where a path in a command leads. */
  find(written: string): Found {
    const path = this.#resolve(written);
    if (path === undefined) return { kind: 'unknown' };
    for (const [root, repository] of this.#clones) {
      if (path === root || path.startsWith(`${root}/`))
        return { kind: 'repository', repository, path: path.slice(root.length + 1) };
    }
    const file = this.#files.get(path);
    if (file !== undefined) return { kind: 'written', file };
    const inUnknown = [...this.#files].some(([known, { text }]) => text === undefined && path.startsWith(`${known}/`));
    return inUnknown || this.#wroteUnseen || !path.startsWith(START)
      ? { kind: 'unknown' }
      : { kind: 'missing', path: written };
  }

  /** @returns undefined if a variable's value is unknown. */
  expand(text: string): string | undefined {
    let known = true;
    const expanded = text.replace(
      /\\\$|\$\{(\w+)\}|\$([A-Za-z_]\w*)|\$\(|`/g,
      (found, braced?: string, bare?: string) => {
        if (found === '\\$') return '$';
        const value = this.#variables.get(braced ?? bare ?? '');
        if (value === undefined) known = false;
        return value ?? '';
      },
    );
    return known ? expanded : undefined;
  }

  #resolve(written: string): string | undefined {
    const path = this.expand(written.replace(/^~(?=\/|$)/, '$HOME'));
    if (path === undefined || path === '' || /[*?]/.test(path)) return undefined;
    if (path.startsWith('/') || path.startsWith(START)) return normalize(path).replace(/\/$/, '');
    return this.#directory === undefined ? undefined : normalize(join(this.#directory, path)).replace(/\/$/, '');
  }
}

/** The words of a simple command, without quotes. */
export function wordsOf(command: string): string[] {
  return [...command.matchAll(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/gs)].map(([word]) => unquoted(word));
}

function unquoted(word: string): string {
  return word.replace(
    /"((?:\\.|[^"\\])*)"|'([^']*)'/gs,
    (_, double?: string, single?: string) => double ?? single ?? '',
  );
}
