/** Values and their positions come from one parse. They must match, whatever the text. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { load } from 'js-yaml';
import type { Position } from '../model/lab.ts';
import { GENERATED, generate, SECTION_SCHEMA, sectionSchema } from '../schemas/generate.ts';
import { Random } from '../test/support/random.ts';
import { checkDocument } from './schema.ts';
import { parseYaml } from './yaml.ts';
import type { Path } from './yaml-document.ts';

const ROOT = join(import.meta.dirname, '..');

function corpus(): { file: string; text: string }[] {
  const files = ['labs', 'manifests'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(ROOT, folder, name)),
  );
  return files.filter((file) => file.endsWith('.yaml')).map((file) => ({ file, text: readFileSync(file, 'utf8') }));
}

/** Every path in a value, with the value there. */
function* placesOf(value: unknown, path: Path = []): Generator<{ path: Path; value: unknown }> {
  yield { path, value };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value))
    yield* placesOf(child, [...path, Array.isArray(value) ? Number(key) : key]);
}

/** The text at each position, parsed alone, gives the value at that position. */
function assertPlaces(file: string, text: string): void {
  const read = parseYaml(file, text);
  if ('problems' in read) return;
  for (const document of read.documents) {
    for (const { path, value } of placesOf(document.value)) {
      const where = `${path.join('.')} of ${file}`;
      // Below a key, since a line `...` at the left edge ends a document.
      const alone = `key:\n ${document.source(path).replaceAll('\n', '\n ')}\n`;
      if (document.range(path) === undefined) assert.equal(value ?? null, null, where);
      else assert.deepEqual(load(alone), { key: value }, where);
    }
  }
}

test('in every file of the labs, the text at the place of a value is that value', () => {
  for (const { file, text } of corpus()) assertPlaces(file, text);
});

test('the same holds for unusual scalars and styles', () => {
  const scalars =
    `yes no on true True null ~ 2020-01-01 012 0o14 0x1F 1_000 1e3 .5 .inf -.INF 1:30 << = "\\u00e9" 'it''s'
    9/9 80% "a\\tb" +1 -0 1.0 0b11 a#b 👋 "#" 'a: b'`.split(/\s+(?=\S)(?![^']*'(?:\s|$))/);
  for (const scalar of ['', 'a # b', ...scalars]) {
    assertPlaces(scalar, `a: ${scalar}\n`);
    assertPlaces(scalar, `- ${scalar}\n- b\n`);
  }
  for (const text of [
    'a: |\n  x\n\n  y\n\nb: 1\n',
    'a: |-\n  x\n',
    'a: |\n  x\n      y\n',
    'a: # | not here\n  | # nor > here\n  x\n',
    '"a|  # y": |\n  x\n',
    'a: >\n  x\n  y\n\n  z\n',
    'a: >-\n  x\n   y\n',
    'a: "x\n  y"\n',
    'a: x\n  y\n',
    '---\na: 1\n---\nb: 2\n',
    '%YAML 1.2\n---\na: 1\n',
    'a: {b: 1, c: [1, 2,],} # d\n',
    'a: [b: c, {d}, [e] ]\n',
    'a: [ # b\n  1, # c]\n  2 ]\n',
    'a:\r\n  - b\r\n  - |\r\n    c\r\n',
    '- - a\n  - b\n',
    'a:\n- b\n-\n- c\n',
    '? a\n: b\n',
    'a : 1 \n',
  ])
    assertPlaces(JSON.stringify(text), text);
});

test('scalars follow the core schema: no dates, no yes and no, no merge keys', () => {
  const read = parseYaml('/x.yaml', '- 2020-01-01\n- yes\n- 0o14\n- 012\n- 1_000\n- 1:30\n- <<: { a: 1 }\n');
  assert.ok('documents' in read);
  assert.deepEqual(read.documents[0]?.value, ['2020-01-01', 'yes', 12, 12, '1_000', '1:30', { '<<': { a: 1 } }]);
});

test('keys, values and lines of a text have the right positions', () => {
  const read = parseYaml('/x.yaml', 'a:\n  - run: |\n      one\n        two\n\n    "b": \'c\'\nd:\n');
  assert.ok('documents' in read);
  const [document] = read.documents;
  assert.ok(document);
  const place = ({ line, column }: Position) => `${line}:${column}`;
  assert.equal(place(document.at(['a', 0])), '2:5');
  assert.equal(place(document.at(['a', 0, 'run'])), '2:10');
  assert.equal(place(document.lineAt(['a', 0, 'run'], 0)), '3:7');
  assert.equal(place(document.lineAt(['a', 0, 'run'], 1)), '4:9');
  assert.equal(place(document.lineAt(['a', 0, 'run'], 2)), '5:1');
  assert.equal(place(document.keyAt(['a', 0, 'b'])), '6:5');
  assert.equal(place(document.at(['a', 0, 'b'])), '6:10');
  assert.equal(place(document.at(['d'])), '7:3');
  assert.equal(place(document.at(['a', 0, 'nothing', 'deeper'])), '2:5');
  assert.deepEqual(document.keys(['a', 0]), ['run', 'b']);
  assert.equal(document.source(['a', 0, 'run']), '|\none\n  two');
});

test('refused YAML is reported at its position', () => {
  for (const [text, ...expected] of [
    ['a: 1\nb: 2\na: 3\nb: 4\n', '3:1: the key `a` is already in line 1', '4:1: the key `b` is already in line 2'],
    ['a: &x 1\nb: *x\n', '2:4: alias `*x`'],
    ['0x10: 1\n', '1:1: the key 0x10 is read as 16'],
    ['~: 1\n', '1:1: the key ~ is read as null'],
    ['[a]: 1\n', '1:1: a key that is not text'],
    ['a: { __proto__: 1 }\n', '1:6: the key `__proto__` is not allowed'],
    ['title: a: tour\n', '1:9: not valid YAML: a value with `: ` in it needs quotes'],
    ['title\nb: 1\n', "2:2: not valid YAML: a key can't span lines; is a `:` missing in the line before?"],
    ['a:\n  b: 1\n c: 2\n', '3:2: not valid YAML: bad indentation of a mapping entry'],
    ['a: 1\n\tb: 2\n', '2:1: not valid YAML: tab characters must not be used in indentation'],
    ['a: "\\q"\n', '1:6: not valid YAML: unknown escape sequence'],
    ['a: !mine b\n', '1:4: not valid YAML: unknown scalar tag !<!mine>'],
    [`${'['.repeat(80)}\n`, '1:65: not valid YAML: nested more than 64 levels deep'],
  ]) {
    const read = parseYaml('/x.yaml', text ?? '');
    assert.ok('problems' in read, text);
    assert.deepEqual(
      read.problems.map(({ at, message }) => `${at.line}:${at.column}: ${message}`),
      expected,
    );
  }
});

function mutate(text: string, chance: Random): string {
  const random = (limit: number) => chance.below(limit);
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

test('for any mutilated section, the answer is a value, or problems with a position in the file', () => {
  const chance = new Random(20_261_123);
  for (const { file, text } of corpus().filter(({ file }) => /\/\d\d-/.test(file))) {
    for (let round = 0; round < 60; round += 1) {
      let mutated = text;
      for (let times = chance.below(3); times >= 0; times -= 1) mutated = mutate(mutated, chance);
      const lines = mutated.split(/\r\n|\n|\r/).length;
      const read = parseYaml(file, mutated);
      assertPlaces(file, mutated);
      const [document] = 'documents' in read ? read.documents : [];
      const checked = document === undefined ? read : checkDocument('section', document);
      for (const { at, message } of 'problems' in checked ? checked.problems : []) {
        assert.ok(at.line >= 1 && at.line <= lines && at.column >= 1, `${at.line}:${at.column} ${message}`);
        assert.doesNotMatch(message, /undefined|\[object|NaN/);
      }
    }
  }
});

test("the section's schema and the types are generated from the verbs' schemas (npm run generate)", async () => {
  assert.equal(readFileSync(SECTION_SCHEMA, 'utf8'), sectionSchema());
  assert.equal(readFileSync(GENERATED, 'utf8'), await generate());
});
