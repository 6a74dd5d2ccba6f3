/** The reference and the schemas agree: each key is explained in both, and every example is valid. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkDocument, type SchemaName } from './schema.ts';
import { parseYaml } from './yaml.ts';

const ROOT = join(import.meta.dirname, '..');
const DOCS = readFileSync(join(ROOT, 'docs', 'language.md'), 'utf8');
const NAMES: readonly SchemaName[] = ['lab', 'section', 'releases', 'images'];

interface Key {
  readonly name: string;
  readonly schema: object;
}

/** Every key of a schema, at any depth. */
function keysOf(node: unknown, definitions: unknown): Key[] {
  if (typeof node !== 'object' || node === null) return [];
  const inside = Object.values(node).flatMap((inner: unknown) => keysOf(inner, definitions));
  if (!('properties' in node) || typeof node.properties !== 'object' || node.properties === null) return inside;
  const keys = Object.entries(node.properties).map(([name, schema]: [string, object]) => {
    const reference = '$ref' in schema ? String(schema.$ref).split('/').at(-1) : undefined;
    return { name, schema: reference === undefined ? schema : (Reflect.get(Object(definitions), reference) as object) };
  });
  return [...keys, ...inside];
}

function readSchema(name: SchemaName): object {
  return JSON.parse(readFileSync(join(ROOT, 'schemas', `${name}.schema.json`), 'utf8'));
}

test('every key has a description and an example, and the reference mentions it', () => {
  for (const name of NAMES) {
    const schema = readSchema(name);
    for (const key of keysOf(schema, Reflect.get(schema, '$defs'))) {
      assert.ok(
        'description' in key.schema && String(key.schema.description).length > 10,
        `${name}: ${key.name} has no description`,
      );
      assert.ok('examples' in key.schema, `${name}: ${key.name} has no example`);
      assert.match(DOCS, new RegExp(`\\b${key.name}\\b`), `docs/language.md does not mention ${key.name}`);
    }
  }
});

/** A snippet is a whole file, or the steps of an exercise. */
function documentOf(snippet: string): { name: SchemaName; text: string } {
  if (snippet.startsWith('- '))
    return {
      name: 'section',
      text: `title: x\nexercises:\n  - title: x\n    steps:\n${snippet.replace(/^(?=.)/gm, '      ')}`,
    };
  if (snippet.startsWith('releases:')) return { name: 'releases', text: snippet };
  if (snippet.startsWith('images:')) return { name: 'images', text: snippet };
  return { name: snippet.includes('\nexercises:') ? 'section' : 'lab', text: snippet };
}

test('every snippet of the reference is valid', () => {
  const snippets = [...DOCS.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, snippet = '']) => snippet);
  assert.ok(snippets.length > 8);
  for (const snippet of snippets) {
    const { name, text } = documentOf(snippet);
    const read = parseYaml('/docs/language.md', text);
    const [document] = 'documents' in read ? read.documents : [];
    assert.ok(document, `${JSON.stringify(read)}\n${snippet}`);
    const checked = checkDocument(name, document);
    assert.deepEqual('problems' in checked ? checked.problems : [], [], snippet);
  }
});
