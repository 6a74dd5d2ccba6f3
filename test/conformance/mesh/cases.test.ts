/** Our mesh answers as a real istiod's did: each case of `cases/`, compared with what was recorded. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Case, casesOf, suites } from './case.ts';
import { differencesOf } from './compare.ts';
import { DIFFERENCES } from './differences.ts';
import { answersTo, putInForce } from './play.ts';
import { type Recorded, readRecorded } from './recorded.ts';
import { Stage } from './stage/index.ts';

/** Proxies follow within milliseconds; a busy machine is given time. */
const PATIENCE_MS = 5_000;
/** A difference that is listed is given less: it shows at once. */
const LISTED_MS = 500;

let stage: Stage;
before(async () => {
  stage = await Stage.open('ours');
});
after(() => stage?.[Symbol.asyncDispose]());

for (const suite of suites()) {
  const recorded = readRecorded(suite);
  describe(suite, () => {
    for (const one of casesOf(suite)) test(one.title, () => judge(one, recorded));
  });
}

async function judge(one: Case, recorded: Recorded | undefined): Promise<void> {
  const theirs = recorded?.answers[one.title];
  assert.ok(theirs !== undefined, 'not recorded yet: node test/conformance/mesh/record-cases.ts');
  const reason = DIFFERENCES[one.title];
  const remove = await (one.once ? putInForce(stage, one, (made) => stage.arrived(made)) : putInForce(stage, one));
  try {
    const patience = one.once ? 0 : reason === undefined ? PATIENCE_MS : LISTED_MS;
    const end = Date.now() + patience;
    for (;;) {
      const found = differencesOf(one.asks, theirs, await answersTo(stage, one));
      if (found.length === 0) return assert.ok(reason === undefined, `differs no more: strike it from differences.ts`);
      if (Date.now() < end) continue;
      return assert.ok(reason !== undefined, found.join('\n'));
    }
  } finally {
    await remove();
  }
}
