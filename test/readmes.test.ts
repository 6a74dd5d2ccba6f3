/** What README files and docs name must exist. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { listFiles, ROOT } from './house/imports.ts';

const files = listFiles();
const pages = files.filter((file) => file.endsWith('.md') && file !== 'CHANGELOG.md');
const scripts: object = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts;

/** The missing names of each page, one per line. */
function missing(find: (text: string, page: string) => readonly string[]): string {
  return pages
    .flatMap((page) => find(readFileSync(join(ROOT, page), 'utf8'), page).map((name) => `${page}: ${name}`))
    .join('\n');
}

const exists = (place: string) => existsSync(join(ROOT, place));
/** Looks from the root, beside the page, and below it. */
const isNear = (name: string, page: string) =>
  exists(name) || files.some((file) => file.startsWith(dirname(page)) && file.endsWith(`/${name}`));

test('every link to a file works', () => {
  const broken = missing((text, page) =>
    [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
      .map((match) => match[1] ?? '')
      .filter((target) => !exists(normalize(join(dirname(page), target)))),
  );
  assert.equal(broken, '');
});

test('every source file named in backticks exists, from the root or near the page', () => {
  const gone = missing((text, page) =>
    [...text.matchAll(/`([a-z][\w./-]*\.(?:ts|js|sh))`/g)]
      .map((match) => match[1] ?? '')
      // `<verb>.ts` and `*.test.ts` are not file names.
      .filter((name) => name.split('/').every((part) => !part.startsWith('.')))
      .filter((name) => !isNear(name, page)),
  );
  assert.equal(gone, '');
});

test('every file that a command runs exists, from the root', () => {
  const gone = missing((text) =>
    [...text.matchAll(/\bnode (?:--test )?([a-z][\w./-]*\.(?:ts|js))\b/g)]
      .map((match) => match[1] ?? '')
      .filter((name) => !exists(name)),
  );
  assert.equal(gone, '');
});

test('each of the changes that CONTRIBUTING lists has files to edit where it says', () => {
  const rows = [
    ...readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8').matchAll(/^\| (.+) \| \[.+\]\(.+\) \| `(.+)` \|$/gm),
  ];
  assert.equal(rows.length, 5);
  for (const [, change, place = ''] of rows) {
    const pattern = new RegExp(`^${place.replaceAll('.', '\\.').replace(/<\w+>/, '[\\w-]+')}`);
    assert.ok(
      files.some((file) => pattern.test(file)),
      `${change}: ${place}`,
    );
  }
});

test('every npm script that is named exists', () => {
  const unknown = missing((text) =>
    [...text.matchAll(/npm run ([\w:]+)/g)].map((match) => match[1] ?? '').filter((name) => !(name in scripts)),
  );
  assert.equal(unknown, '');
});
