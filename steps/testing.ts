/** For tests of loading: labs in a folder of their own, and the problems in them. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import type { Problem } from '../language/problem.ts';
import { formatProblems, LabError, loadLab } from './load.ts';

export const root = mkdtempSync(join(tmpdir(), 'labwright-language-'));
after(() => rmSync(root, { recursive: true }));
let labs = 0;

/** @returns the folder of a lab with these files. */
export function lab(files: Readonly<Record<string, string>>): string {
  labs += 1;
  const directory = join(root, `lab-${labs}`);
  for (const [name, text] of Object.entries({ 'lab.yaml': 'title: A lab\n', ...files })) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return directory;
}

/** A section with one exercise, its steps indented as in a file: the first step's verb is in line 5, column 9. */
export function section(steps: string): string {
  const lines = steps.trim().split('\n');
  return `title: One\nexercises:\n  - title: First\n    steps:\n${lines.map((line) => `      ${line}`).join('\n')}\n`;
}

export function problemsOf(files: Readonly<Record<string, string>>): readonly Problem[] {
  try {
    loadLab(lab(files));
    return [];
  } catch (error) {
    assert.ok(error instanceof LabError, String(error));
    return error.problems;
  }
}

/** `line:column message, expected … (did you mean …)` of a section's problems. */
export function told(text: string, more: Readonly<Record<string, string>> = {}): string[] {
  const problems = problemsOf({ '01-one.yaml': text, ...more });
  return problems.map(
    (problem) =>
      formatProblems([problem], { cwd: root })
        .split('\n')[0]
        ?.replace(/^lab-\d+\/01-one\.yaml:/, '') ?? '',
  );
}

export function toldOf(steps: string): string {
  const [first = 'nothing', ...rest] = told(section(steps));
  assert.deepEqual(rest, []);
  return first;
}
