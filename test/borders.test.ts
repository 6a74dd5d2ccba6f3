/**
 * The rules for imports (CONTRIBUTING.md): a `DEPS.list` in each folder says what its files may import, no import goes to a
 * higher floor, and none is circular. Also forbids some words and calls in some folders.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { circlesOf } from './house/circles.ts';
import { allows, LIST, listedBy, needsOf, readList } from './house/deps.ts';
import { FLOORS, upwardImports } from './house/floors.ts';
import { isShipped, listFiles, ROOT, readSources } from './house/imports.ts';

const files = listFiles();
const sources = readSources();
const inFolders = sources.filter(({ file }) => file.includes('/'));
/** Sources by the folder whose list applies to them. */
const listed = Map.groupBy(inFolders, ({ file }) => listedBy(dirname(file)));
/** One line per finding, so that a failure is readable. */
const none = (findings: readonly string[]) => assert.equal(findings.join('\n'), '');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

test('every folder with sources lists its allowed imports, and its files import nothing else', () => {
  const findings = [...listed].flatMap(([folder, members]) => {
    if (folder === undefined) return members.map(({ file }) => `${dirname(file)}/${LIST} is missing`);
    const list = readList(folder);
    return members.flatMap((member) =>
      needsOf(member)
        .filter((need) => !list.some((line) => allows(line, need)))
        .map((need) => `${member.file} imports ${need}, which ${folder}/${LIST} does not list`),
    );
  });
  none(findings);
});

test('no folder lists an import that none of its files needs', () => {
  const findings = [...listed].flatMap(([folder, members]) => {
    if (folder === undefined) return [];
    const needs = members.flatMap(needsOf);
    const unused = readList(folder).filter((line) => !needs.some((need) => allows(line, need)));
    return unused.map((line) => `${folder}/${LIST} lists ${line}`);
  });
  none(findings);
});

test('no import goes to a higher floor, or to another room on the same floor', () => {
  none(upwardImports(sources));
});

test('there are no circular imports', () => {
  none(circlesOf(sources).map((circle) => circle.join(', ')));
});

test('the picture in CONTRIBUTING shows the actual floors', () => {
  const drawn = FLOORS.map((floor) => floor.join(' · '));
  none(drawn.filter((line) => !read('CONTRIBUTING.md').includes(line)));
});

test('only host and cli import the sandbox, and only its index', () => {
  const outside = sources.filter(({ file }) => !/^(sandbox|bench)\//.test(file));
  const known = outside.flatMap(({ file, imports }) =>
    imports.filter((target) => target.startsWith('sandbox/')).map((target) => `${file} → ${target}`),
  );
  none(known.filter((line) => !/^(host|cli)\/.* → sandbox\/(index|types)\.ts$/.test(line)));
});

test('the sandbox contains no names from labs', () => {
  const words = /guestbook|redis-master|redis-slave|analyzer|istio101|openshift-service-mesh-lab/i;
  const inSandbox = files.filter(
    (file) => file.startsWith('sandbox/') && !file.endsWith('.test.ts') && !file.endsWith('.json'),
  );
  none(inSandbox.filter((file) => words.test(read(file))));
});

test('fixtures and labs never sleep', () => {
  const sleeps = /timers\/promises|waitForTimeout|setTimeout\(r(esolve)?\b|\bsleep\s+\d/;
  const waiting = files.filter((file) => /^(fixtures|labs)\//.test(file) && !file.endsWith('.test.ts'));
  none(waiting.filter((file) => sleeps.test(read(file))));
});

test('unit tests, which are beside the source, start neither a sandbox nor the CLI', () => {
  const units = files.filter((file) => file.endsWith('.test.ts') && !file.startsWith('test/'));
  none(units.filter((file) => /startSandbox\(|labwright\.js|findEnvoy\(|live-gateway/.test(read(file))));
});

test('every error code in the sources is explained in docs/errors.md', () => {
  const documented = new Set(read('docs/errors.md').match(/LW-[A-Z0-9-]+/g) ?? []);
  const used = new Map<string, string>();
  for (const file of files.filter(isShipped)) {
    for (const [code] of read(file).matchAll(/\bLW-[A-Z][A-Z0-9-]*[A-Z0-9]\b/g)) used.set(code, file);
  }
  none([...used].filter(([code]) => !documented.has(code)).map(([code, file]) => `${code} (${file})`));
});

/** Where a type can't be derived from a check: each of these files says why beside its assertion. */
const ASSERTING = [
  'host/process/server.ts',
  'model/own-format.ts',
  'oc/command.ts',
  'sandbox/api/json.ts',
  'sandbox/client/informers.ts',
  'sandbox/mesh/model/push-context.ts',
];

test('types are checked where values enter, not asserted: JSON is read with model/fields.ts', () => {
  const isCode = (line: string) => !/^\s*(\*|\/\/|\/\*|import |export (type )?\{|(type )?\w+ as \w+,$)/.test(line);
  const asserts = (line: string) =>
    /\bas (?!const\b)([A-Z({[]|never\b|unknown\b|readonly |string\b|number\b|object\b)/.test(
      line.replace(/'[^']*'|"[^"]*"|`[^`]*(`|$)/g, ''),
    );
  const found = files
    .filter((file) => isShipped(file) && file.endsWith('.ts'))
    .filter((file) => read(file).split('\n').filter(isCode).some(asserts));
  none(found.filter((file) => !ASSERTING.includes(file)).map((file) => `${file} asserts a type with \`as\``));
  none(ASSERTING.filter((file) => !found.includes(file)).map((file) => `${file} no longer asserts a type`));
});
