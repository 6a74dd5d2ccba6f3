/**
 * The house has borders (CONTRIBUTING.md): who may import whom, and what may not be said where. A folder may import
 * itself, npm packages, Node, and what its row allows.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');

/** A path is in the first area whose prefix fits; an area may import the areas and files listed. */
const BORDERS: readonly { readonly area: string; readonly may: readonly string[] }[] = [
  { area: 'labs/', may: ['fixtures/index.ts'] },
  { area: 'fixtures/', may: ['steps/', 'language/', 'model/', 'host/'] },
  {
    area: 'host/',
    may: ['certificates/', 'guard/', 'kube/', 'language/', 'model/', 'steps/', 'sandbox/index.ts', 'sandbox/types.ts'],
  },
  { area: 'guard/', may: ['certificates/', 'kube/', 'model/'] },
  { area: 'steps/', may: ['expect/', 'kube/types.ts', 'language/', 'model/'] },
  { area: 'language/', may: ['expect/', 'model/', 'schemas/'] },
  { area: 'expect/', may: ['model/'] },
  { area: 'kube/', may: ['certificates/'] },
  { area: 'model/', may: [] },
  { area: 'oc/', may: [] },
  { area: 'schemas/', may: [] },
  { area: 'reporters/', may: ['model/', 'schemas/'] },
  { area: 'certificates/', may: ['setup/programs.js'] },
  {
    area: 'cli/',
    may: [
      'certificates/',
      'guard/',
      'host/',
      'kube/',
      'language/',
      'model/',
      'steps/',
      'reporters/summary.ts',
      'reporters/allure.ts',
      'reporters/history/index.ts',
      'reporters/matrix/index.ts',
      'sandbox/index.ts',
      'sandbox/types.ts',
      'setup/programs.js',
    ],
  },
  { area: 'sandbox/boot/', may: ['sandbox/', 'certificates/', 'setup/programs.js'] },
  { area: 'sandbox/index.ts', may: ['sandbox/', 'certificates/'] },
  { area: 'sandbox/main.ts', may: ['sandbox/', 'certificates/'] },
  { area: 'sandbox/fields/', may: [] },
  { area: 'sandbox/client/', may: ['sandbox/component.ts', 'sandbox/types.ts'] },
  { area: 'sandbox/runtime/', may: ['sandbox/client/', 'sandbox/component.ts', 'sandbox/types.ts'] },
  {
    area: 'sandbox/api/',
    may: [
      'sandbox/runtime/',
      'sandbox/client/',
      'sandbox/component.ts',
      'sandbox/fields/',
      'sandbox/types.ts',
      'schemas/',
    ],
  },
  { area: 'sandbox/xds/', may: ['sandbox/runtime/', 'sandbox/client/', 'sandbox/component.ts', 'sandbox/types.ts'] },
  {
    area: 'sandbox/mesh/',
    may: [
      'sandbox/runtime/',
      'sandbox/client/',
      'sandbox/component.ts',
      'sandbox/fields/',
      'sandbox/types.ts',
      'sandbox/xds/',
      'setup/programs.js',
    ],
  },
  {
    area: 'sandbox/node/',
    may: [
      'certificates/',
      'model/image-reference.ts',
      'model/shell-quote.ts',
      'sandbox/runtime/',
      'sandbox/client/',
      'sandbox/component.ts',
      'sandbox/types.ts',
      'sandbox/mesh/',
      'sandbox/xds/',
      'sandbox/controllers/persistent-volumes.ts',
    ],
  },
  {
    area: 'sandbox/controllers/',
    may: ['sandbox/runtime/', 'sandbox/client/', 'sandbox/component.ts', 'sandbox/types.ts'],
  },
  {
    area: 'sandbox/openshift/',
    // It is made of controllers too, and serves its own APIs (Projects, users) through the contract of the API server.
    may: [
      'sandbox/runtime/',
      'sandbox/client/',
      'sandbox/component.ts',
      'sandbox/types.ts',
      'sandbox/mesh/',
      'sandbox/xds/',
      'sandbox/controllers/',
      'sandbox/api/types.ts',
      'sandbox/api/tables/',
      'sandbox/fields/',
      'schemas/',
    ],
  },
  { area: 'sandbox/component.ts', may: ['sandbox/client/', 'sandbox/client/', 'sandbox/types.ts'] },
  { area: 'sandbox/types.ts', may: [] },
  { area: 'setup/', may: [] },
];

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(ROOT, file)));
const sources = files.filter((file) => /\.(ts|js)$/.test(file) && !/(\.(test|generated|d)|\/testing)\.ts$/.test(file));
/** One line per finding, so that a failure is readable. */
const none = (findings: readonly string[]) => assert.equal(findings.join('\n'), '');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** Project files that a source imports, statically, dynamically or for types. */
function importsOf(file: string): string[] {
  const pattern = /(?:\bfrom|\bimport)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g;
  return [...read(file).matchAll(pattern)].map((match) => normalize(join(dirname(file), match[1] ?? '')));
}

test('no folder imports across its borders', () => {
  const crossings: string[] = [];
  for (const file of sources) {
    const border = BORDERS.find(({ area }) => file.startsWith(area));
    if (border === undefined) continue;
    for (const target of importsOf(file)) {
      const allowed = [border.area, ...border.may].some((prefix) => target.startsWith(prefix));
      if (!allowed)
        crossings.push(
          `${file} imports ${target}; ${border.area} may import ${border.may.join(', ') || 'nothing else'}`,
        );
    }
  }
  none(crossings);
});

test('the sandbox is known by its index alone, and to host and cli alone', () => {
  const outside = sources.filter(
    (file) => !file.startsWith('sandbox/') && !file.startsWith('bench/') && !file.startsWith('test/'),
  );
  const known = outside.flatMap((file) =>
    importsOf(file)
      .filter((target) => target.startsWith('sandbox/'))
      .map((target) => `${file} → ${target}`),
  );
  none(known.filter((line) => !/^(host|cli)\/.* → sandbox\/(index|types)\.ts$/.test(line)));
});

test('the sandbox does not know what a lab calls its objects', () => {
  const words = /guestbook|redis-master|redis-slave|analyzer|istio101|openshift-service-mesh-lab/i;
  const inSandbox = files.filter(
    (file) => file.startsWith('sandbox/') && !file.endsWith('.test.ts') && !file.endsWith('.json'),
  );
  none(inSandbox.filter((file) => words.test(read(file))));
});

test('fixtures and labs wait for something, never for time to pass', () => {
  const sleeps = /timers\/promises|waitForTimeout|setTimeout\(r(esolve)?\b|\bsleep\s+\d/;
  const waiting = files.filter((file) => /^(fixtures|labs)\//.test(file) && !file.endsWith('.test.ts'));
  none(waiting.filter((file) => sleeps.test(read(file))));
});

test('every error code in the sources is explained in docs/errors.md', () => {
  const documented = new Set(read('docs/errors.md').match(/LW-[A-Z0-9-]+/g) ?? []);
  const used = new Map<string, string>();
  for (const file of sources) {
    for (const [code] of read(file).matchAll(/\bLW-[A-Z][A-Z0-9-]*[A-Z0-9]\b/g)) used.set(code, file);
  }
  none([...used].filter(([code]) => !documented.has(code)).map(([code, file]) => `${code} (${file})`));
});
