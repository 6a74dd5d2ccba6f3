/** Compares the sandbox's mesh with a real istiod: plays each case in `cases/` and compares it with the recorded answers. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Case, casesOf, suites } from './case.ts';
import { differencesOf } from './compare.ts';
import { DIFFERENCES } from './differences.ts';
import { MeshEnvironment } from './environment/index.ts';
import { answersTo, putInForce } from './play.ts';
import { type Recorded, readRecorded } from './recorded.ts';

/** Proxies are updated within milliseconds; this leaves time for a busy machine. */
const TIMEOUT_MS = 5_000;
/** For cases with a listed difference, which shows at once. */
const LISTED_MS = 500;

let environment: MeshEnvironment;
before(async () => {
  environment = await MeshEnvironment.open('ours');
});
after(() => environment?.[Symbol.asyncDispose]());

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
  const remove = await (one.once
    ? putInForce(environment, one, (made) => environment.arrived(made))
    : putInForce(environment, one));
  try {
    const limit = one.once ? 0 : reason === undefined ? TIMEOUT_MS : LISTED_MS;
    const end = Date.now() + limit;
    for (;;) {
      const found = differencesOf(one.asks, theirs, await answersTo(environment, one));
      if (found.length === 0) return assert.ok(reason === undefined, `differs no more: strike it from differences.ts`);
      if (Date.now() < end) continue;
      return assert.ok(reason !== undefined, found.join('\n'));
    }
  } finally {
    await remove();
  }
}
