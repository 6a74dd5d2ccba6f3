import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { passingRun } from '../test/report-samples/runs.ts';
import { renderCertificate } from './certificate/page.ts';
import { readMutation } from './mutation.ts';

const SECTION = 'title: Notes\n';
let root = '';
let report = '';

before(() => {
  root = mkdtempSync(join(tmpdir(), 'lw-mutation-'));
  report = join(root, 'mutation.json');
  mkdirSync(join(root, 'labs/notes'), { recursive: true });
});
after(() => rmSync(root, { recursive: true }));

function write(statuses: readonly string[], possible = statuses.length): void {
  writeFileSync(join(root, 'labs/notes/01-notes.yaml'), SECTION);
  const mutants = statuses.map((status) => ({ id: 'x', status }));
  const name = 'labs/notes/01-notes.yaml';
  const files = { [name]: { language: 'yaml', source: SECTION, mutants } };
  const testFiles = { [name]: { source: SECTION } };
  const document = { schemaVersion: '2', projectRoot: root, config: { possible }, files, testFiles };
  writeFileSync(report, JSON.stringify(document));
  utimesSync(report, new Date('2026-03-01T10:00:00Z'), new Date('2026-03-01T10:00:00Z'));
}

test('equivalent mutants don’t count as mistakes, and an unedited lab has not changed', () => {
  write(['Killed', 'Timeout', 'Survived', 'Ignored', 'RuntimeError']);
  const madeAt = '2026-03-01T10:00:00.000Z';
  assert.deepEqual(readMutation(report, 'notes'), { caught: 2, mistakes: 4, madeAt, changedSince: false });
});

test('a report of some of the mistakes says how many are possible', () => {
  write(['Killed'], 7);
  const mutation = readMutation(report, 'notes');
  assert.equal(mutation?.possible, 7);
  assert.ok(mutation);
  assert.match(renderCertificate(passingRun(), { mutation }), /1 of 1 mistakes caught, of 7 possible ones/);
});

test('the certificate links to the page that lies beside the report', () => {
  write(['Killed']);
  assert.equal(readMutation(report, 'notes')?.page, undefined);
  writeFileSync(join(root, 'mutation.html'), '<!DOCTYPE html>');
  const mutation = readMutation(report, 'notes');
  assert.ok(mutation);
  assert.match(renderCertificate(passingRun(), { mutation }), /<a href="mutation.html">1 of 1 mistakes caught<\/a>/);
  rmSync(join(root, 'mutation.html'));
});

test('an edited section counts as a change; if its file is not on this machine, it is unknown', () => {
  write(['Killed']);
  writeFileSync(join(root, 'labs/notes/01-notes.yaml'), 'title: Other notes\n');
  assert.equal(readMutation(report, 'notes')?.changedSince, true);
  rmSync(join(root, 'labs/notes/01-notes.yaml'));
  const result = readMutation(report, 'notes');
  assert.ok(result);
  assert.equal(result.changedSince, undefined);
});

test('a report of another lab, or another file, is ignored', () => {
  write(['Killed']);
  assert.equal(readMutation(report, 'other'), undefined);
  assert.equal(readMutation(join(root, 'nothing.json'), 'notes'), undefined);
  for (const text of ['{', '[]', '{"projectRoot":"/","files":{},"testFiles":{}}']) {
    writeFileSync(report, text);
    assert.equal(readMutation(report, 'notes'), undefined, text);
  }
});

test('the certificate has one line on mistakes, with the day and whether the lab has changed since', () => {
  const madeAt = '2026-03-01T10:00:00.000Z';
  const said = (changedSince: boolean | undefined): string => {
    const page = renderCertificate(passingRun(), { mutation: { caught: 81, mistakes: 82, madeAt, changedSince } });
    return /<dt>Mistakes<\/dt><dd>(.*?)<\/dd>/.exec(page)?.[1]?.replace(/<[^>]*>/g, ' ') ?? '';
  };
  assert.match(said(false), /81 of 82 mistakes caught .*on .*2026.*; the lab is unchanged since/);
  assert.match(said(true), /the lab has changed since/);
  assert.doesNotMatch(said(undefined), /the lab/);
  assert.doesNotMatch(renderCertificate(passingRun()), /<dt>Mistakes/);
});
