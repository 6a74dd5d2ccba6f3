import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import type { Problem } from './problem.ts';
import type { RawLab } from './schema.generated.ts';
import { sectionFiles } from './section-files.ts';
import { readYaml } from './yaml.ts';

/** The names of the files that are found in a folder with these files, and the messages of the problems. */
function find(files: readonly string[], lab: Partial<RawLab> = {}, wanted?: readonly number[]) {
  const directory = mkdtempSync(join(tmpdir(), 'lw-sections-'));
  try {
    for (const name of ['lab.yaml', ...files]) writeFileSync(join(directory, name), 'title: A lab\n');
    const read = readYaml(join(directory, 'lab.yaml'));
    assert.ok('document' in read);
    const problems: Problem[] = [];
    const found = sectionFiles({ title: 'A lab', ...lab }, read.document, wanted, problems);
    return { found: found.map((path) => basename(path)), problems: problems.map(({ message }) => message) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test('sections are played by number, not by the letters of their names', () => {
  const { found, problems } = find(['10-z.yaml', '9-a.yaml'], { sections: ['9-a.yaml', '10-z.yaml'] });
  assert.deepEqual([found, problems], [['9-a.yaml', '10-z.yaml'], []]);
  const many = Array.from({ length: 10 }, (_, index) => `${index + 1}-part.yaml`);
  assert.deepEqual(find(many), { found: many, problems: [] });
});

test('a number that exists twice is a problem', () => {
  assert.deepEqual(find(['01-one.yaml', '1-again.yaml']).problems, ['section 1 exists twice']);
});

test('a gap is a problem, except in the list of lab.yaml', () => {
  assert.deepEqual(find(['01-one.yaml', '03-three.yaml']).problems, ['there is a section 3, but no section 2']);
  assert.deepEqual(find(['03-three.yaml'], { sections: ['03-three.yaml'] }).problems, []);
});

test('a lab without sections, and a section that was asked for and does not exist, are problems', () => {
  assert.deepEqual(find([]).problems, ['the lab has no sections']);
  assert.deepEqual(find(['01-one.yaml'], {}, [2]), { found: [], problems: ['the lab has no section 2'] });
});
