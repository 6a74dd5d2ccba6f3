/** The commands that kubectl does not have: see README.md. Errors are printed to stderr, with exit code 1. */
import { spawnSync } from 'node:child_process';
import type { Command } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { OcError } from './error.ts';
import { becomeKubectl } from './kubectl.ts';
import { refusalOf } from './refused.ts';

/** Options that kubectl has too, with the same effect. */
const SHARED = new Set(['completion', 'create', 'options', 'rollout', 'set']);
const HELP = new Set(['help', '--help', '-h', '']);
/** Options with a value that can come before the verb. */
const VALUED =
  /^(-n|-s|-v|--(namespace|kubeconfig|context|cluster|user|as|as-group|as-uid|server|token|certificate-authority|client-certificate|client-key|cache-dir|request-timeout|tls-server-name|v))$/;

try {
  const printed = await play(process.argv.slice(2));
  if (printed !== undefined && printed !== '') console.log(printed);
} catch (error) {
  if (!(error instanceof OcError)) throw error;
  if (error.message !== '') console.error(/^error/i.test(error.message) ? error.message : `error: ${error.message}`);
  process.exitCode = 1;
}

function play(words: readonly string[]): Promise<string | undefined> {
  const { before, rest } = split(words);
  const [verb = ''] = rest;
  if (HELP.has(verb)) return Promise.resolve(help());
  const plain = rest.filter((word) => !word.startsWith('-'));
  const command = commandFor(plain);
  const refusal = command === undefined ? refusalOf(plain) : undefined;
  if (refusal !== undefined) throw new OcError(refusal);
  if (command !== undefined) return command.run([...before, ...withoutWords(rest, command.words.split(' '))]);
  if (SHARED.has(verb) || isPlugin(verb)) return becomeKubectl(words);
  throw new OcError(`unknown command "${verb}" for "oc"`);
}

/** Separates the options before the verb, which belong to it too. */
function split(words: readonly string[]): { before: readonly string[]; rest: readonly string[] } {
  let index = 0;
  while (index < words.length && words[index]?.startsWith('-') === true && !HELP.has(words[index] ?? ''))
    index += VALUED.test(words[index] ?? '') ? 2 : 1;
  return { before: words.slice(0, index), rest: words.slice(index) };
}

/** The command with the most matching words. */
function commandFor(plain: readonly string[]): Command | undefined {
  return [2, 1]
    .map((length) => COMMANDS.find(({ words }) => words === plain.slice(0, length).join(' ')))
    .find((command) => command !== undefined);
}

function withoutWords(words: readonly string[], taken: readonly string[]): readonly string[] {
  const left = [...words];
  for (const word of taken) left.splice(left.indexOf(word), 1);
  return left;
}

function isPlugin(verb: string): boolean {
  return spawnSync('kubectl', ['plugin', 'list', '--name-only'], { encoding: 'utf8' })
    .stdout.split('\n')
    .includes(`kubectl-${verb.replaceAll('-', '_')}`);
}

function help(): string {
  const lines = COMMANDS.map(({ words, about }) => `  oc ${words.padEnd(20)} ${about}`);
  return [
    'This is Labwright’s stand-in for the OpenShift client, for machines without the real oc. It has',
    '',
    ...lines,
    '',
    'and all commands of kubectl: get, describe, create, apply, delete, logs, exec and so on. Other commands of the real oc',
    'are refused, each with an alternative. The real oc is used if it is on the PATH.',
  ].join('\n');
}
