/** Two parsers read each file: js-yaml for values, `yaml` for places. They must not read different things. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { GENERATED, generate, SECTION_SCHEMA, sectionSchema } from '../schemas/generate.ts';
import { checkDocument } from './schema.ts';
import { parseYaml } from './yaml.ts';

const ROOT = join(import.meta.dirname, '..');

function corpus(): { file: string; text: string }[] {
  const files = ['labs', 'manifests'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(ROOT, folder, name)),
  );
  return files.filter((file) => file.endsWith('.yaml')).map((file) => ({ file, text: readFileSync(file, 'utf8') }));
}

function agree(file: string, text: string): void {
  const read = parseYaml(file, text);
  if ('problems' in read) return;
  const others = parseAllDocuments(text, { version: '1.2', schema: 'core' });
  const values = (Array.isArray(others) ? others : []).map((document): unknown => document.toJS());
  assert.deepEqual(
    JSON.parse(JSON.stringify(read.documents.map(({ value }) => value ?? null))),
    JSON.parse(JSON.stringify(values.filter((value, index) => value !== null || index === 0))),
    text.slice(0, 200),
  );
}

test('both parsers read the same in every file of the labs', () => {
  for (const { file, text } of corpus()) agree(file, text);
});

test('both parsers read the same in odd scalars, or the text is refused', () => {
  const scalars = [
    'yes',
    'no',
    'on',
    'true',
    'True',
    'null',
    '~',
    '',
    '2020-01-01',
    '012',
    '0o14',
    '0x1F',
    '1_000',
    '1e3',
    '.5',
    '.inf',
    '-.INF',
    '1:30',
    '<<',
    '=',
    '"\\u00e9"',
    "'it''s'",
    '9/9',
    '80%',
    '"a\\tb"',
    '+1',
    '-0',
    '1.0',
    '0b11',
    '!!str 5',
    'a # b',
    'a#b',
    '👋',
  ];
  for (const scalar of scalars) {
    agree('/x.yaml', `a: ${scalar}\n`);
    agree('/x.yaml', `- ${scalar}\n- b\n`);
  }
  for (const text of [
    'a: |\n  x\n\n  y\n\n',
    'a: |-\n  x\n',
    'a: >\n  x\n  y\n\n  z\n',
    'a: >-\n  x\n   y\n',
    'a: |2\n    x\n',
    'a: "x\n  y"\n',
    '---\na: 1\n---\nb: 2\n',
    '--- \n...\n',
    '%YAML 1.2\n---\na: 1\n',
    'a: {b: 1, c: [1, 2,],}\n',
    '{a: 1}\n',
    'a:\r\n  - b\r\n',
    '- - a\n  - b\n',
    'a: !foo b\n',
    'a: b: c\n',
    'a:\n- b\n',
    '"a": 1\n',
    '? a\n: b\n',
    'a: 1 \n',
    'a : 1\n',
  ])
    agree('/x.yaml', text);
});

/** Small and repeatable, so that a failure can be looked at again. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

function mutate(text: string, random: (below: number) => number): string {
  const at = random(text.length);
  const bits = [
    ':',
    '- ',
    '\n',
    '  ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '&a ',
    '*a',
    '!!',
    '|',
    '>',
    '#',
    '\t',
    '%',
    '\u0000',
    '?',
    'x',
    ', ',
    '---\n',
    '\\',
    '👋',
    '\r',
    '5',
    'null',
    '~',
  ];
  switch (random(4)) {
    case 0:
      return text.slice(0, at) + (bits[random(bits.length)] ?? '') + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + random(12));
    case 2: {
      const lines = text.split('\n');
      const [line = ''] = lines.splice(random(lines.length), 1);
      lines.splice(random(lines.length), 0, line);
      return lines.join('\n');
    }
    default:
      return text.slice(0, at) + text.slice(random(text.length), at + 20) + text.slice(at);
  }
}

test('whatever happens to a section, the answer is a value or problems with a place in the file', () => {
  const random = randomNumbers(20_261_123);
  for (const { file, text } of corpus().filter(({ file }) => /\/\d\d-/.test(file))) {
    for (let round = 0; round < 60; round += 1) {
      let mutated = text;
      for (let times = random(3); times >= 0; times -= 1) mutated = mutate(mutated, random);
      const lines = mutated.split(/\r\n|\n|\r/).length;
      const read = parseYaml(file, mutated);
      if ('documents' in read) agree(file, mutated);
      const [document] = 'documents' in read ? read.documents : [];
      const checked = document === undefined ? read : checkDocument('section', document);
      for (const { at, message } of 'problems' in checked ? checked.problems : []) {
        assert.ok(at.line >= 1 && at.line <= lines && at.column >= 1, `${at.line}:${at.column} ${message}`);
        assert.doesNotMatch(message, /undefined|\[object|NaN/);
      }
    }
  }
});

test("the section's schema and the types are made of the verbs' own schemas (npm run generate)", async () => {
  assert.equal(readFileSync(SECTION_SCHEMA, 'utf8'), sectionSchema());
  assert.equal(readFileSync(GENERATED, 'utf8'), await generate());
});
