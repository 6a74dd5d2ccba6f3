/**
 * `npm run generate`: joins `section.base.json` and the verbs' schemas under `verbs/` into `section.schema.json`, the file that
 * editors read, and writes the types of the raw documents to `language/schema.generated.ts` and the table of Kubernetes' kinds.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from 'json-schema-to-typescript';
import { KUBERNETES_KINDS, kubernetesKinds } from './kubernetes-kinds.ts';

type Schema = Parameters<typeof compile>[0];

const HERE = import.meta.dirname;
const VERBS = join(HERE, 'verbs');
export const GENERATED = join(HERE, '..', 'language', 'schema.generated.ts');
export const SECTION_SCHEMA = join(HERE, 'section.schema.json');

/** @returns the expected text of `section.schema.json`. */
export function sectionSchema(): string {
  const base = read(join(HERE, 'section.base.json'));
  const names = readdirSync(VERBS)
    .map((file) => file.replace(/\.json$/, ''))
    .sort();
  const verbs = Object.fromEntries(names.map((name) => [name, read(join(VERBS, `${name}.json`))]));
  const step = { ...base.$defs?.['step'], oneOf: names.map((name) => ({ $ref: `#/$defs/${name}` })) };
  return `${JSON.stringify({ ...base, $defs: { ...base.$defs, step, ...verbs } }, undefined, 2)}\n`;
}

/** @returns the expected text of the generated types. */
export async function generate(): Promise<string> {
  const options = {
    bannerComment: '',
    additionalProperties: false,
    format: false,
    unreachableDefinitions: false,
  } as const;
  const parts = ['/** Generated from schemas/*.schema.json by `npm run generate`. Do not edit. */'];
  for (const name of ['lab', 'section', 'releases', 'images']) {
    const schema = name === 'section' ? parsed(sectionSchema()) : read(join(HERE, `${name}.schema.json`));
    delete schema.$id;
    parts.push(await compile(schema, name, options));
  }
  return `${parts.join('\n')}\n`;
}

function parsed(text: string): Schema {
  return JSON.parse(text);
}

function read(file: string): Schema {
  return parsed(readFileSync(file, 'utf8'));
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(SECTION_SCHEMA, sectionSchema());
  writeFileSync(GENERATED, await generate());
  writeFileSync(KUBERNETES_KINDS, kubernetesKinds());
}
