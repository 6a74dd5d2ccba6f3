/** `oc process` fills in a template's parameters, locally and not on the server. */

import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { dump, load } from 'js-yaml';
import { TemplateError } from '../../model/template/generate.ts';
import { type Parameter, parametersOf, processTemplate } from '../../model/template/template.ts';
import { type Command, flag, list, parse, text } from '../command.ts';
import { OcError } from '../error.ts';
import { getObject } from '../kubectl.ts';
import { labelsFrom } from '../labels.ts';
import { columnsOf } from '../table.ts';

export const processCommand: Command = {
  words: 'process',
  about: 'fills in a template and prints its objects',
  run: async (words) => {
    const { values, positionals, kubectl } = parse('process', words, {
      filename: { ...text, short: 'f' },
      param: { ...list, short: 'p' },
      'param-file': list,
      'ignore-unknown-parameters': flag,
      local: flag,
      parameters: flag,
      labels: { ...list, short: 'l' },
      output: { ...text, short: 'o' },
    });
    const names = positionals.filter((word) => !word.includes('='));
    const { filename } = values;
    if (names.length + (filename === undefined ? 0 : 1) !== 1)
      throw new OcError('Must pass a filename or name of stored template');
    const template = filename === undefined ? await stored(names[0] ?? '', kubectl) : await fromFile(filename);
    if (values.parameters === true) return table(filled(() => parametersOf(template)));
    const given = new Map([
      ...(await fromFiles(values['param-file'] ?? [])),
      ...[...positionals.filter((word) => word.includes('=')), ...(values.param ?? [])].map(pair),
    ]);
    const ignore = values['ignore-unknown-parameters'] === true;
    const labels = labelsFrom(values.labels ?? []);
    const items = filled(() => processTemplate(template, given, labels, ignore));
    return printed({ kind: 'List', apiVersion: 'v1', metadata: {}, items }, values.output ?? 'json');
  },
};

/** @throws {OcError} with the reason if the template can't be filled in. */
function filled<T>(fill: () => T): T {
  try {
    return fill();
  } catch (error) {
    throw error instanceof TemplateError ? new OcError(error.message) : error;
  }
}

/** `name`, or `namespace//name`. */
async function stored(name: string, kubectl: readonly string[]): Promise<unknown> {
  const [first = '', second] = name.split('//');
  const [template, where] = second === undefined ? [first, []] : [second, [`--namespace=${first}`]];
  const found = await getObject(['templates.template.openshift.io', template, ...kubectl, ...where]);
  if (found === undefined) throw new OcError(`template "${template}" could not be found`);
  return found;
}

async function fromFile(file: string): Promise<unknown> {
  if (/^https?:/.test(file)) throw new OcError('this oc reads templates from files only: curl -o template.yaml URL');
  const content = file === '-' ? await textOf(process.stdin) : await readFile(file, 'utf8').catch(unreadable);
  try {
    return load(content);
  } catch (error) {
    throw new OcError(`error parsing ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function unreadable(error: Error): never {
  throw new OcError(error.message);
}

async function fromFiles(files: readonly string[]): Promise<readonly [string, string][]> {
  const contents = await Promise.all(
    files.map((file) => (file === '-' ? textOf(process.stdin) : readFile(file, 'utf8').catch(unreadable))),
  );
  return contents.flatMap((content) =>
    content
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line): [string, string] => {
        const [name, value] = pair(line);
        return [name, /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value];
      }),
  );
}

/** @throws {OcError} */
function pair(word: string): [string, string] {
  const end = word.indexOf('=');
  if (end < 1) throw new OcError(`invalid parameter assignment in "oc process": ${JSON.stringify(word)}`);
  return [word.slice(0, end), word.slice(end + 1)];
}

function printed(objects: object, format: string): string {
  if (format === 'json') return JSON.stringify(objects, undefined, 4);
  if (format === 'yaml') return dump(objects, { lineWidth: -1, noRefs: true }).trimEnd();
  throw new OcError(
    `unable to match a printer suitable for the output format "${format}", allowed formats are: json,yaml`,
  );
}

function table(parameters: readonly Parameter[]): string {
  const rows = parameters.map(({ name, description, generate, from, value }) => [
    name,
    description,
    generate,
    generate === '' ? value : from,
  ]);
  const lines = [['NAME', 'DESCRIPTION', 'GENERATOR', 'VALUE'], ...rows];
  return columnsOf(lines, { gap: 4, least: 20 });
}
