/** Writes `language/schema.generated.ts`, the types of the raw documents, from the JSON Schemas. `npm run generate`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from 'json-schema-to-typescript';

const HERE = import.meta.dirname;
export const GENERATED = join(HERE, '..', 'language', 'schema.generated.ts');

/** @returns the text that the generated file must have. */
export async function generate(): Promise<string> {
  const options = {
    bannerComment: '',
    additionalProperties: false,
    format: false,
    unreachableDefinitions: false,
  } as const;
  const parts = ['/** Made from schemas/*.schema.json by `npm run generate`; not to be edited. */'];
  for (const name of ['lab', 'section', 'releases', 'images']) {
    const schema = JSON.parse(readFileSync(join(HERE, `${name}.schema.json`), 'utf8')) as Parameters<typeof compile>[0];
    delete schema.$id;
    parts.push(await compile(schema, name, options));
  }
  return `${parts.join('\n')}\n`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(GENERATED, await generate());
