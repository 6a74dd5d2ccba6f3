/** Compares how the sandbox's API server refuses wrong manifests with how a real kube-apiserver did. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { type Server, startServer } from '../../../sandbox/api/testing.ts';
import type { Scenario } from '../api/call.ts';
import { KNOWN } from './differences.ts';
import { MISTAKES } from './mistakes.ts';
import { FILE, type Refusals } from './record.ts';
import { RIGHT } from './variants.ts';

const recorded = JSON.parse(readFileSync(FILE, 'utf8')) as Refusals;
let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server?.[Symbol.asyncDispose]());

/** @returns what the server says to each manifest, without what differs on every run. */
async function answers({ name, calls }: Scenario): Promise<Refusals[string]> {
  const namespace = `conf-${name}`;
  const make = (path: string, made: string) => server.request('POST', path, { metadata: { name: made } });
  await make('/api/v1/namespaces', namespace);
  await make(`/api/v1/namespaces/${namespace}/serviceaccounts`, 'default');
  const said: Record<string, Refusals[string][string]> = {};
  for (const { what, method, path, body } of calls) {
    const { status, body: answer } = await server.request(method, path.replaceAll('{ns}', namespace), body);
    const message = String(answer.message)
      .replaceAll(namespace, '{ns}')
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '{uid}')
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '{time}')
      .replace(/172\.30\.\d+\.\d+/g, '{ip}');
    said[what] = { code: status, ...(answer.kind === 'Status' ? { message } : {}) };
  }
  return said;
}

for (const scenario of MISTAKES) {
  test(`${scenario.name}: mistakes are refused with the words of kube-apiserver`, async () => {
    const [real, ours] = [recorded[scenario.name], await answers(scenario)];
    assert.equal(real?.[RIGHT]?.code, 201);
    const wrong = scenario.calls.flatMap(({ what }) => {
      const differs = JSON.stringify(real?.[what]) !== JSON.stringify(ours?.[what]);
      if (differs === `${scenario.name}: ${what}` in KNOWN) return [];
      return [
        differs ? `${what}\n  real ${show(real?.[what])}\n  ours ${show(ours?.[what])}` : `${what}: no longer differs`,
      ];
    });
    assert.equal(wrong.join('\n'), '');
  });
}

function show(refusal: object | undefined): string {
  return refusal === undefined ? 'was not asked' : JSON.stringify(refusal);
}
