/** Random rules that Istio's webhook accepts are also accepted by a real Envoy (`envoy --mode validate`). */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import type { KubeObject } from '../../../sandbox/client/client.ts';
import { refusal } from '../../../sandbox/mesh/kinds/index.ts';
import { proxyOf } from '../../../sandbox/mesh/model/proxy-context.ts';
import { ENVOY } from '../../../sandbox/mesh/testing/live-gateway.ts';
import { pushOf } from '../../../sandbox/mesh/testing/push.ts';
import { staticConfig } from '../../../sandbox/mesh/testing/static-config.ts';
import { wildRules } from '../../../sandbox/mesh/testing/wild-rules/index.ts';
import { snapshotFor } from '../../../sandbox/mesh/translate/snapshot.ts';
import { encodeAny } from '../../../sandbox/xds/encode.ts';
import { Random } from '../../support/random.ts';

const SEED = Number(process.env['LABWRIGHT_SEED'] ?? 1);
const ROUNDS = Number(process.env['LABWRIGHT_ROUNDS'] ?? 4);
const RULES = 400;
const skip = existsSync(ENVOY) ? false : 'Envoy is not there: node setup/index.js';

const pod = (name: string, labels: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'orchard', labels: { ...labels, 'security.istio.io/tlsMode': 'istio' } },
  spec: { containers: [] },
  status: { podIP: '10.1.1.1' },
});
const GATE = pod('gate', { gate: 'north' });
const APP = pod('plum', { app: 'fruit', state: 'ripe' });
const service = (name: string, port: object, clusterIP: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'orchard' },
  spec: { clusterIP, selector: { app: 'fruit' }, ports: [port] },
});
const BASE: readonly KubeObject[] = [
  GATE,
  APP,
  service('fruit', { name: 'http', port: 8111 }, '10.9.9.9'),
  service('cider', { name: 'tcp', port: 9000 }, '10.9.9.8'),
  service('plain', { port: 7000 }, '10.9.9.7'),
  {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'fruit', namespace: 'orchard' },
    ...{
      subsets: [{ addresses: [{ ip: '10.1.1.1', targetRef: { name: 'plum' } }], ports: [{ name: 'http', port: 80 }] }],
    },
  },
];

/** @returns Envoy's error for the rules, as gateway or sidecar; undefined if it accepts them. */
async function complaint(rules: readonly KubeObject[], role: 'router' | 'sidecar'): Promise<string | undefined> {
  const push = pushOf('orchard', [...BASE, ...rules]);
  const snapshot = snapshotFor(push, proxyOf(role === 'router' ? GATE : APP, role));
  for (const all of [snapshot.clusters, snapshot.endpoints, snapshot.listeners, snapshot.routes]) all.map(encodeAny);
  const directory = await mkdtemp(join(tmpdir(), 'lw-validate-'));
  const file = join(directory, 'config.json');
  try {
    await writeFile(file, JSON.stringify(staticConfig(snapshot)));
    return await new Promise((resolve) => {
      execFile(ENVOY, ['--mode', 'validate', '-l', 'error', '-c', file], (error, stdout, stderr) =>
        resolve(error === null ? undefined : `${stdout}${stderr}`.trim().slice(0, 2_000)),
      );
    });
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The smallest set of rules, found by bisection, that Envoy still rejects. */
async function fewest(rules: readonly KubeObject[], role: 'router' | 'sidecar'): Promise<readonly KubeObject[]> {
  let kept = rules;
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < kept.length; from += size) {
      const without = kept.filter((_, index) => index < from || index >= from + size);
      if ((await complaint(without, role)) !== undefined) {
        kept = without;
        from -= size;
      }
    }
  }
  return kept;
}

for (const role of ['router', 'sidecar'] as const) {
  test(`rules that the webhook accepts are accepted by a ${role}`, { skip }, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const seed = SEED * 1_000 + round;
      const rules = wildRules(new Random(seed), RULES).filter((rule) => refusal(rule) === undefined);
      assert.ok(rules.length > RULES / 20, `only ${rules.length} of ${RULES} rules are right`);
      const found = await complaint(rules, role);
      if (found === undefined) continue;
      const culprits = await fewest(rules, role);
      assert.fail(`seed ${seed}: ${await complaint(culprits, role)}\n${JSON.stringify(culprits, undefined, 1)}`);
    }
  });
}
