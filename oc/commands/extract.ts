/** `oc extract` writes the contents of a Secret or ConfigMap to files or to the terminal. */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { at, isRecord, listAt, textAt } from '../../model/fields.ts';
import { type Command, flag, list, parse, text } from '../command.ts';
import { OcError } from '../error.ts';
import { kubectl as run } from '../kubectl.ts';

export const extract: Command = {
  words: 'extract',
  about: 'writes the contents of Secrets and ConfigMaps to files',
  run: async (words) => {
    const { values, positionals, kubectl } = parse('extract', words, {
      to: text,
      keys: list,
      confirm: flag,
      filename: { ...list, short: 'f' },
    });
    const files = (values.filename ?? []).flatMap((file) => ['-f', file]);
    if (positionals.length + files.length === 0) throw new OcError('you must specify at least one resource to extract');
    const read: unknown = JSON.parse(await run(['get', ...positionals, ...files, ...kubectl, '-o', 'json']));
    const objects = textAt(read, 'kind') === 'List' ? listAt(read, 'items') : [read];
    const keys = (values.keys ?? []).flatMap((one) => one.split(','));
    const to = values.to ?? '.';
    const overwrite = values.confirm === true;
    if (to !== '-') await needDirectory(to, overwrite);
    const written: string[] = [];
    for (const object of objects)
      for (const [key, content] of contentsOf(object).filter(([key]) => keys.length === 0 || keys.includes(key)))
        written.push(to === '-' ? shown(key, content) : await put(join(to, key), key, content, overwrite));
    return written.join('\n');
  },
};

async function needDirectory(directory: string, make: boolean): Promise<void> {
  if (await stat(directory).catch(() => undefined)) return;
  if (!make)
    throw new OcError(
      `use --confirm if you want to create target directory: stat ${directory}: no such file or directory`,
    );
  await mkdir(directory, { recursive: true });
}

function contentsOf(object: unknown): [string, Buffer][] {
  const kind = textAt(object, 'kind');
  if (kind !== 'Secret' && kind !== 'ConfigMap') {
    console.error(`warning: ${kind?.toLowerCase()}/${textAt(object, 'metadata', 'name')} does not support extraction`);
    return [];
  }
  const entries = (field: string, encoding: 'utf8' | 'base64'): [string, Buffer][] => {
    const map = at(object, field);
    return isRecord(map) ? Object.entries(map).map(([key, value]) => [key, Buffer.from(String(value), encoding)]) : [];
  };
  return kind === 'Secret'
    ? entries('data', 'base64')
    : [...entries('data', 'utf8'), ...entries('binaryData', 'base64')];
}

/** The name goes to stderr, so that a pipe gets only the content. */
function shown(key: string, content: Buffer): string {
  console.error(`# ${key}`);
  return content.toString('utf8').replace(/\n$/, '');
}

async function put(file: string, key: string, content: Buffer, overwrite: boolean): Promise<string> {
  await writeFile(file, content, { mode: 0o600, flag: overwrite ? 'w' : 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      throw new OcError(
        error.code === 'EEXIST' ? `${key}: file exists, pass --confirm to overwrite` : `${key}: ${error.message}`,
      );
    },
  );
  return file;
}
