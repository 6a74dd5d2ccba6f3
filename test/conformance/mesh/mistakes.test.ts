/** Compares how wrong rules are refused by the sandbox's control plane and by a real istiod. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { refusal } from '../../../sandbox/mesh/kinds/index.ts';
import { RIGHT } from '../mistakes/variants.ts';
import { KNOWN } from './mistakes/differences.ts';
import { ACCEPTED, MISTAKES, type Verdicts } from './mistakes/mistakes.ts';

const recorded = JSON.parse(readFileSync(new URL('mistakes/recorded.json', import.meta.url), 'utf8')) as Verdicts;

/** Some parts of istiod print a single problem as a list of one. */
const withoutListOfOne = (words: string): string => words.replace(/1 error occurred:\n\t\* ([^\n]*)\n\n$/, '$1');

for (const kind of new Set(MISTAKES.map(({ object }) => object.kind))) {
  test(`${kind}: wrong rules are refused with istiod's words`, () => {
    const asked = MISTAKES.filter(({ what, object }) => object.kind === kind && recorded[what] !== undefined);
    assert.equal(recorded[`${kind}: ${RIGHT}`], ACCEPTED);
    const wrong = asked.flatMap(({ what, object }) => {
      const [real, ours] = [withoutListOfOne(recorded[what] ?? ''), refusal(object) ?? ACCEPTED];
      if ((real !== ours) === what in KNOWN) return [];
      return [real === ours ? `${what}: no longer differs` : `${what}\n  real ${real}\n  ours ${ours}`];
    });
    assert.equal(wrong.join('\n'), '');
  });
}
