/** Holds this lab against the first one and against its own guide. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadLab } from '../../steps/load.ts';

const HERE = import.meta.dirname;
const first = loadLab(join(HERE, '../openshift-service-mesh'));
const lab = loadLab(HERE);
const guide = readFileSync(join(HERE, 'guide.md'), 'utf8');

const stepsOf = ({ sections }: typeof lab, number: number) =>
  sections
    .filter((section) => section.number === number)
    .flatMap(({ exercises }) => exercises.flatMap(({ steps }) => steps));

for (const number of [1, 5, 6]) {
  test(`section ${number} is the first lab's, except for the departures that lab.yaml lists`, () => {
    const theirs = stepsOf(first, number);
    const ours = stepsOf(lab, number);
    assert.equal(ours.length, theirs.length);
    const changed = ours.flatMap(({ yaml }, index) =>
      yaml === theirs[index]?.yaml ? [] : [[theirs[index]?.yaml ?? '', yaml]],
    );
    for (const [before = '', after = ''] of changed) {
      const listed = lab.departures.some((entry) => before.includes(entry.guide) && after.includes(entry.lab));
      assert.ok(listed, `lab.yaml lists no departure for\n${before}\n→\n${after}`);
    }
  });
}

test('the guide prints every command that the lab types, in its order', () => {
  const typed = lab.sections
    .flatMap(({ number }) => stepsOf(lab, number))
    .flatMap((step) => (step.verb === 'run' ? [step] : []));
  let from = 0;
  for (const { yaml } of typed) {
    const command = /^run: (?:>-\n)?\s*(.+)/.exec(yaml.replace(/^title:.*\n/, ''))?.[1] ?? '';
    const printed =
      lab.departures.find((entry) => entry.lab === command && guide.includes(entry.guide))?.guide ?? command;
    const found = guide.indexOf(printed, from);
    // The circuit breaker is beyond the guide.
    if (command.startsWith('oc patch destinationrule') || (found < 0 && command.includes('guestbook-destination.yaml')))
      continue;
    assert.ok(command !== '' && found >= 0, `the guide does not print, at its place: ${command}`);
    from = found;
  }
});
