/** Compares the sandbox's API with recorded answers of a real kube-apiserver. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { type Sandbox, startSandbox } from '../../../sandbox/index.ts';
import { ask } from './call.ts';
import { differences } from './compare.ts';
import { KNOWN } from './differences.ts';
import { FILE, type Recorded, SCENARIOS } from './record.ts';

const recorded = JSON.parse(readFileSync(FILE, 'utf8')) as Recorded;
let sandbox: Sandbox;
before(async () => {
  sandbox = await startSandbox({ name: 'conformance', images: [] });
});
after(() => sandbox?.stop());

for (const scenario of SCENARIOS) {
  test(`${scenario.name}: answers as ${recorded.server} gave them`, async () => {
    const ours = await ask(sandbox, scenario);
    const real = recorded.answers[scenario.name] ?? {};
    const wrong: string[] = [];
    for (const { what } of scenario.calls) {
      const found = differences(real[what], ours[what]);
      const excused = new Set((KNOWN[`${scenario.name}: ${what}`] ?? []).flatMap(({ paths }) => paths));
      const unexplained = found.filter(({ path }) => !excused.has(path)).map(({ text }) => text);
      const gone = [...excused].filter((path) => !found.some((one) => one.path === path));
      const stale = gone.map((path) => `${path}: no longer differs: take it from differences.ts`);
      if (unexplained.length + stale.length > 0) wrong.push([what, ...unexplained, ...stale].join('\n    '));
    }
    assert.equal(wrong.join('\n'), '');
  });
}
