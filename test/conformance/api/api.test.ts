/** Ours against what a real kube-apiserver answered. */
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
      const known = KNOWN[`${scenario.name}: ${what}`] !== undefined;
      if (found.length > 0 && !known) wrong.push(`${what}\n    ${found.slice(0, 6).join('\n    ')}`);
      if (found.length === 0 && known) wrong.push(`${what}\n    no longer differs: take it from differences.ts`);
    }
    assert.equal(wrong.join('\n'), '');
  });
}
