/** Compares how requests are routed by the sandbox's control plane and by a real istiod. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Harbour } from './harbour.ts';
import { QUESTIONS } from './questions.ts';
import { FILE, type RecordedMesh } from './record.ts';

const recorded = JSON.parse(readFileSync(FILE, 'utf8')) as RecordedMesh;
let harbour: Harbour;
before(async () => {
  harbour = await Harbour.start('ours');
});
after(() => harbour?.stop());

/** Accepted differences, each with its reason. */
const KNOWN: Readonly<Record<string, string>> = {
  'from within: to another Service':
    'a rule routes from one Service to another whose port has no name: the sandbox routes there, a current istiod answers 503; the imitated older release was not tested',
};

for (const question of QUESTIONS) {
  test(`${question.what}: is routed as by ${recorded.server.split('-')[0]}`, async () => {
    const ours = await harbour.ask(question);
    const real = recorded.seen[question.what];
    if (KNOWN[question.what] === undefined) assert.deepEqual(ours, real);
    else assert.notDeepEqual(ours, real, 'no longer differs: remove it from the list');
  });
}
