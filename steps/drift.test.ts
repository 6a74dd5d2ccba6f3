import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { driftOf, knownToFail } from '../language/drift.ts';
import { drifted } from './index.ts';
import { LabError, loadLab } from './load.ts';
import { operator } from './operator.ts';

const directory = mkdtempSync(join(tmpdir(), 'labwright-drift-'));
after(() => rmSync(directory, { recursive: true }));
const figures = (channel: string): string => `{ channels: { search: ${channel} } }`;
writeFileSync(join(directory, 'lab.yaml'), 'title: Drift\n');
writeFileSync(
  join(directory, 'releases.yaml'),
  `releases:\n  '2.0': ${figures('a')}\n  '2.1': ${figures('b')}\n  '2.5': ${figures('c')}\n  '2.6': ${figures('d')}\n`,
);

function labWith(steps: string) {
  writeFileSync(join(directory, '01-one.yaml'), `title: One\nexercises:\n  - title: E\n    steps:\n${steps}`);
  return loadLab(directory);
}

test('drift applies to the named release, or with + also to those listed after it', () => {
  const { sections, releases } = labWith(
    "      - ready: route/a\n        drift:\n          '2.1': { because: one }\n          '2.5+': { because: others, within: 10s }\n",
  );
  const step = sections[0]?.exercises[0]?.steps[0];
  assert.ok(step);
  const because = ['2.0', '2.1', '2.5', '2.6'].map((release) => driftOf(step, release, releases)?.because);
  assert.deepEqual(because, [undefined, 'one', 'others', 'others']);
  const drift = driftOf(step, '2.6', releases);
  assert.ok(drift);
  const played = drifted(step, drift);
  assert.deepEqual([knownToFail(drift), 'within' in played && played.within], [true, 10_000]);
});

test('an operator uses the channel of the drift, which may be a value of the release', () => {
  const { sections, releases } = labWith(
    "      - operator: search\n        channel: old\n        drift:\n          '2.1+': { because: gone, channel: '${release.channels.search}' }\n",
  );
  const step = sections[0]?.exercises[0]?.steps[0];
  assert.ok(step);
  const drift = driftOf(step, '2.5', releases);
  assert.ok(drift);
  const played = drifted(step, drift);
  assert.deepEqual(
    [knownToFail(drift), operator.owns(played) && played.channel],
    [false, '${release.channels.search}'],
  );
});

test('drift for a release that the lab does not list is reported at its position', () => {
  assert.throws(
    () => labWith("      - run: 'true'\n        drift:\n          '2.55+': { because: x }\n"),
    (error) => {
      assert.ok(error instanceof LabError);
      const [problem] = error.problems;
      assert.equal(problem?.code, 'LW-RELEASE-UNKNOWN');
      assert.deepEqual([problem.at.line, problem.suggestion], [7, '2.5']);
      return true;
    },
  );
});
