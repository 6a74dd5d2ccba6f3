/** Checks a lab's commands without a cluster: syntax, variables, and the manifests that they name. */
import { readdirSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { Position, Repository } from '../../model/lab.ts';
import { nearest } from '../../model/nearest.ts';
import type { Problem } from '../problem.ts';
import type { Contents, Source } from '../reading.ts';
import { parseYaml, readYamlDocuments } from '../yaml.ts';
import type { YamlDocument } from '../yaml-document.ts';
import { commandsOf, hasBash, syntaxProblem } from './commands.ts';
import { hereDocuments } from './documents.ts';
import { endlessCommand } from './endless.ts';
import { variablesReadBy, variablesSetBy } from './variables.ts';
import { ShellWalk } from './walk.ts';

type Block = Contents['commands'][number];

export interface Checked {
  readonly sources: readonly Source[];
  readonly problems: readonly Problem[];
}

/** @param blocks in the order in which they are played. */
export function checkCommands(blocks: readonly Block[], repositories: readonly Repository[]): Checked {
  const check = new Check(blocks, repositories);
  check.shell();
  for (const [index, block] of blocks.entries()) check.block(block, index);
  return check;
}

class Check implements Checked {
  readonly sources: Source[] = [];
  readonly problems: Problem[] = [];
  readonly #blocks: readonly Block[];
  readonly #repositories: readonly Repository[];
  readonly #walk: ShellWalk;

  constructor(blocks: readonly Block[], repositories: readonly Repository[]) {
    this.#blocks = blocks;
    this.#repositories = repositories;
    this.#walk = new ShellWalk(repositories);
  }

  /** Reported once per lab: if there is no bash, its commands are not to blame. */
  shell(): void {
    const first = this.#blocks.find(({ isText }) => !isText);
    if (first !== undefined && !hasBash()) this.#notChecked(place(first, 0), 'without bash, the syntax of commands');
  }

  block(block: Block, index: number): void {
    const { command: text, isText } = block;
    if (isText) {
      this.#variables(block, text, 0);
      return;
    }
    const broken = syntaxProblem(text);
    if (broken !== undefined) {
      const at = place(block, broken.line - 1);
      this.problems.push({ code: 'LW-SHELL-SYNTAX', at, message: `bash can't parse this: ${broken.message}` });
      return;
    }
    for (const command of commandsOf(text)) {
      this.#variables(block, command.text, command.line);
      const instead = endlessCommand(command.text);
      if (instead !== undefined)
        this.#warn('LW-SHELL-ENDLESS', place(block, command.line), 'this command never ends by itself', instead);
      for (const part of partsOf(command.text)) {
        this.#manifests(block, part, command.line);
        this.#walk.take(part, command.line, index);
      }
    }
  }

  #variables(block: Block, text: string, line: number): void {
    const own = new Set(variablesSetBy(text));
    const seen = new Set<string>();
    for (const variable of variablesReadBy(text)) {
      const { name } = variable;
      if (own.has(name) || seen.has(name) || this.#walk.isSet(name)) continue;
      seen.add(name);
      this.problems.push({
        code: 'LW-SHELL-VARIABLE',
        at: place(block, line + variable.line),
        message: `no earlier step sets $${name}`,
        expected: `\`export ${name}=…\` in an earlier step, or \`\${${name}:-default}\``,
      });
    }
  }

  #manifests(block: Block, command: string, line: number): void {
    if (!/\b(?:oc|kubectl)\b/.test(command)) return;
    const head = command
      .split('\n')
      .filter((_, index) => !inDocument(command, index))
      .join('\n');
    const at = place(block, line);
    if (/\s-k[ =]|\s--kustomize[ =]/.test(head)) this.#notChecked(at, 'the output of kustomize');
    for (const [, quoted = ''] of head.matchAll(/(?:^|\s)(?:-f|--filename)[ =]?("[^"]+"|'[^']+'|[^\s;|&)]+)/g)) {
      const written = quoted.replace(/^["']|["']$/g, '');
      if (
        !/\b(?:apply|create|replace|delete|process|auth|diff|set|label|annotate|expose|scale|patch|get|describe|wait|rollout)\b/.test(
          head,
        )
      )
        continue;
      if (written === '-') this.#standardInput(block, command, line);
      else if (/^https?:/.test(written)) this.#notChecked(at, written);
      else this.#path(written, at);
    }
  }

  #standardInput(block: Block, command: string, line: number): void {
    const documents = hereDocuments(command);
    if (documents.length === 0)
      this.#notChecked(place(block, line), 'the input that another command pipes into this one');
    for (const { text, line: first, verbatim } of documents) {
      const filled = verbatim ? text : this.#walk.expand(text);
      this.#yaml(filled, block, line + first);
    }
  }

  #path(written: string, at: Position): void {
    const found = this.#walk.find(written);
    const origin = found.kind === 'written' ? this.#blocks[found.file.block] : undefined;
    const guessed = this.#guess(written);
    if (found.kind === 'repository') this.#inRepository(written, found.repository, found.path, at);
    else if (found.kind === 'written' && origin !== undefined) this.#yaml(found.file.text, origin, found.file.line);
    else if (guessed !== undefined) this.#inRepository(written, guessed.repository, guessed.path, at);
    else if (found.kind !== 'missing') this.#notChecked(at, written);
    else
      this.problems.push({
        code: 'LW-FILE-MISSING',
        at,
        message: `no earlier step creates a file ${found.path}`,
        expected: 'a file of a cloned repository, or of a here-document',
      });
  }

  /**
   * `$SOMEWHERE/guestbook/v2/x.yaml`, with a variable whose value is known only in a run: the lab's own copy of guestbook is used.
   */
  #guess(written: string): { repository: Repository; path: string } | undefined {
    const [, folder = '', path = ''] = /^\$\{?\w+\}?\/([^/]+)\/(.+)$/.exec(written) ?? [];
    const repository = this.#repositories.find(({ url }) => basename(url, '.git') === folder);
    return repository === undefined || path.includes('$') ? undefined : { repository, path };
  }

  #inRepository(written: string, repository: Repository, path: string, at: Position): void {
    const file = join(repository.directory, path);
    const kind = statSync(file, { throwIfNoEntry: false });
    if (kind?.isDirectory()) for (const inside of yamlFiles(file, false)) this.#file(inside);
    else if (kind?.isFile()) this.#file(file);
    // A missing repository folder is reported where lab.yaml names it.
    else if (statSync(repository.directory, { throwIfNoEntry: false })?.isDirectory())
      this.problems.push(missing(written, repository, path, at));
  }

  #file(file: string): void {
    if (/\.json$/.test(file)) return;
    this.#take(readYamlDocuments(file));
  }

  /** A text written in the section itself, parsed at its position. @param line of the block. */
  #yaml(text: string | undefined, block: Block, line: number): void {
    const at = place(block, line);
    if (text === undefined) {
      this.#notChecked(at, 'this text, which depends on values known only in a run,');
      return;
    }
    const indent = ' '.repeat(at.column - 1);
    const lines = text.split('\n').map((each) => (/^---|^\s*$/.test(each) ? each : indent + each));
    this.#take(parseYaml(at.file, '\n'.repeat(at.line - 1) + lines.join('\n')));
  }

  #take(read: { documents: readonly YamlDocument[] } | { problems: readonly Problem[] }): void {
    if ('problems' in read) this.problems.push(...read.problems);
    else
      this.sources.push(
        ...read.documents
          .filter(({ value }) => (value ?? null) !== null)
          .map((document) => ({ document, path: [], value: document.value })),
      );
  }

  #notChecked(at: Position, what: string): void {
    this.#warn('LW-NOT-CHECKED', at, `${what} could not be checked`);
  }

  #warn(code: string, at: Position, message: string, expected?: string): void {
    this.problems.push({ code, severity: 'warning', at, message, ...(expected === undefined ? {} : { expected }) });
  }
}

/** `cd a && oc apply -f b` is processed part by part; a here-document stays with the part that names it. */
function partsOf(command: string): readonly string[] {
  return command.includes('<<') ? [command] : command.split(/&&|\|\|/);
}

function place({ document, path }: Block, line: number): Position {
  return document.lineAt(path, line);
}

function inDocument(command: string, line: number): boolean {
  return hereDocuments(command).some(
    (document) => line >= document.line && line <= document.line + document.text.split('\n').length,
  );
}

function missing(written: string, repository: Repository, path: string, at: Position): Problem {
  const there = yamlFiles(repository.directory, true).map((file) => relative(repository.directory, file));
  const suggestion = nearest(path, there);
  return {
    code: 'LW-FILE-MISSING',
    at,
    message: `the repository has no file ${written}`,
    expected: `a file under ${repository.directory}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function yamlFiles(directory: string, recursive: boolean): string[] {
  return readdirSync(directory, { recursive, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => join(directory, name));
}
