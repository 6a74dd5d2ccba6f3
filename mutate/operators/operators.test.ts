/** Every operator, on a lab made for this test: the mistakes it makes. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Lab } from '../../model/lab.ts';
import { loadLab } from '../../steps/load.ts';
import { writeOrchard } from '../../test/support/orchard.ts';
import { mutatedLab } from '../engine/workspace.ts';
import type { Mutant } from '../model.ts';
import { chosenOf, mutantsOf } from '../mutants.ts';
import { OPERATORS } from './index.ts';

const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'workload/injection-dropped': ['Deployment apple: without the annotation sidecar.istio.io/inject'],
  'workload/injection-false': ['Deployment apple: sidecar.istio.io/inject: "false"'],
  'workload/image-tag': [
    'Deployment apple: image fruit/apple:no-such-tag instead of fruit/apple:v1',
    'StatefulSet pear: image fruit/apple:no-such-tag instead of fruit/apple:v2',
  ],
  'workload/image-swapped': [
    'Deployment apple: image fruit/apple:v2 instead of fruit/apple:v1',
    'StatefulSet pear: image fruit/apple:v1 instead of fruit/apple:v2',
  ],
  'workload/label-wrong': [
    'Deployment apple: label tree: apple-typo instead of apple',
    'StatefulSet pear: label tree: pear-typo instead of pear',
    'StatefulSet pear: label role: standby-typo instead of standby',
  ],
  'workload/replicas': ['Deployment apple: replicas: 2 instead of 3'],
  'workload/crash-loop': [
    'Deployment apple: container apple runs a command that fails',
    'StatefulSet pear: container pear runs a command that fails',
  ],
  'workload/never-ready': [
    'Deployment apple: container apple has a readiness probe of port 1',
    'StatefulSet pear: container pear has a readiness probe of port 1',
  ],
  'workload/app-asleep': [
    'Deployment apple: container apple sleeps instead of running its program',
    'StatefulSet pear: container pear sleeps instead of running its program',
  ],
  'workload/selector': ['Service apple: selector tree: apple-typo instead of apple'],
  'workload/target-port': ['Service apple: targetPort: 8081 instead of 8080'],
  'workload/service-port': ['Service apple: port: 81 instead of 80'],
  'routing/subset-swapped': ['VirtualService fruit: subset v1 instead of v2'],
  'routing/subset-misnamed': [
    'VirtualService fruit: subset v2-typo',
    'VirtualService fruit: subset v1-typo',
    'VirtualService fruit: subset v2-typo',
  ],
  'routing/host-misnamed': [
    'VirtualService fruit: destination host apple-typo',
    'VirtualService fruit: destination host apple-typo',
    'VirtualService fruit: destination host apple-typo',
  ],
  'routing/destination-port': ['VirtualService fruit: destination apple, port 9999'],
  'routing/weights': [
    'VirtualService fruit: weights 60/40 instead of 70/30 (moved by 10)',
    'VirtualService fruit: weights 50/50 instead of 70/30 (moved by 20)',
    'VirtualService fruit: weights 30/70 instead of 70/30 (swapped)',
    'VirtualService fruit: weights 100/0 instead of 70/30 (all to the first)',
    'VirtualService fruit: weights 0/100 instead of 70/30 (all to the second)',
  ],
  'routing/match': [
    'VirtualService fruit: regex .* instead of .*Firefox.* (weakened to match anything)',
    'VirtualService fruit: regex .*firefox.* instead of .*Firefox.* (in lower case)',
    'VirtualService fruit: regex Firefox instead of .*Firefox.* (without its wildcards)',
  ],
  'routing/rule-missing': ['VirtualService fruit: without rule 1 of 2', 'VirtualService fruit: without rule 2 of 2'],
  'routing/rule-order': ['VirtualService fruit: rules in the opposite order'],
  'routing/gateway-misnamed': ['VirtualService fruit: gateway gate-typo'],
  'routing/virtual-host': ['VirtualService fruit: host other.example.com instead of *'],
  'routing/gateway': [
    'Gateway gate: selector istio: ingressgateway-typo',
    'Gateway gate: port 9080 instead of 80',
    'Gateway gate: host other.example.com instead of *',
  ],
  'routing/subset-labels': [
    'DestinationRule fruit: subset v1: version: 1-typo instead of 1',
    'DestinationRule fruit: subset v2: version: 2-typo instead of 2',
  ],
  'routing/subset-labels-swapped': ['DestinationRule fruit: labels of the subsets v1 and v2 exchanged'],
  'routing/subset-missing': [
    'DestinationRule fruit: without the subset v1',
    'DestinationRule fruit: without the subset v2',
  ],
  'routing/rule-host': ['DestinationRule fruit: host apple-typo'],
  'security/mtls-mode': [
    'PeerAuthentication default: mode PERMISSIVE instead of STRICT',
    'PeerAuthentication default: mode DISABLE instead of STRICT',
  ],
  'security/policy-elsewhere': [
    'PeerAuthentication default: name default-typo',
    'PeerAuthentication default: namespace default instead of mesh',
    'AuthorizationPolicy pickers: name pickers-typo',
  ],
  'security/one-workload-only': [
    'PeerAuthentication default: only for Deployment apple',
    'AuthorizationPolicy pickers: only for Deployment apple',
  ],
  'security/client-tls': ['DestinationRule fruit: tls mode DISABLE instead of the mesh’s own'],
  'security/not-a-member': ['ServiceMeshMemberRoll default: member orchard-typo'],
  'security/authorization': [
    'AuthorizationPolicy pickers: action DENY instead of ALLOW',
    'AuthorizationPolicy pickers: without rule 1',
  ],
  'platform/operator-missing': ['servicemeshoperator is not installed'],
  'platform/channel': ['servicemeshoperator from the channel no-such-channel instead of stable'],
  'platform/version': ['ServiceMeshControlPlane basic: version v9.9'],
  'platform/component-never-ready': ['a quota lets 2 pods into mesh'],
  'platform/gateway-down': ['the control plane no longer has an ingress gateway'],
  'platform/service-gone': ['Service apple is deleted after the exercise that makes it'],
  'platform/workload-down': [
    'Deployment apple is scaled to nothing after the exercise that makes it',
    'StatefulSet pear is scaled to nothing after the exercise that makes it',
  ],
  'platform/replica-cut-off': ['a NetworkPolicy drops what the pods of pear send within their project'],
  'platform/route-not-admitted': ['Route gate has a certificate that the router can’t read'],
  'platform/no-route': ['the control plane creates no Route for Gateway gate'],
  'platform/dropped-instead-of-reset': ['a NetworkPolicy drops what the pods of orchard send'],
  'platform/no-dns': ['a NetworkPolicy drops DNS of the pods in orchard'],
  'platform/disguised-browser': ['Chromium says that it is Firefox'],
  'workload/annotation-elsewhere': ['Deployment apple: the annotations of its pods are on the workload itself'],
  'workload/port-excluded': ['Deployment apple: traffic.sidecar.istio.io/excludeInboundPorts: "8080"'],
  'workload/environment': ['StatefulSet pear: container pear without the variable GRAFT'],
  'routing/header-misnamed': ['VirtualService fruit: header user-agent-typo instead of user-agent'],
  'routing/fault-left': [
    'VirtualService fruit: a tenth of the requests ends with 503, by a fault in the last rule',
    'VirtualService fruit: each request is 1 s late, by a fault in the last rule',
  ],
  'routing/timeout': [
    'VirtualService fruit: timeout 1ms in the last rule',
    'VirtualService fruit: no retries in the last rule',
  ],
  'routing/mirror': ['VirtualService fruit: requests are copied to subset v1'],
  'security/softened': ['a PeerAuthentication for pear alone, in PERMISSIVE mode'],
  'security/policy-left': ['an AuthorizationPolicy that refuses DELETE is left over'],
  'security/extra-member': ['ServiceMeshMemberRoll default: an additional member default'],
  'platform/route-elsewhere': [
    'Route gate leads to another Service',
    'Route gate leads to another port',
    'Route gate accepts only TLS',
  ],
  'platform/stray-pod': ['a stray pod without a proxy is behind Service apple'],
  'platform/rule-left': ['a second VirtualService beside fruit'],
  'guide/left-out': [
    'left out: git clone https://git.example/orchard.git',
    'left out: cd orchard',
    'left out: oc apply -f trees.yaml',
    'left out: oc apply -f $HOME/orchard/rules.yaml',
  ],
  'guide/swapped': [
    'typed after the next command: git clone https://git.example/orchard.git',
    'typed after the next command: oc apply -f trees.yaml',
  ],
  'guide/repeated': [
    'typed twice: git clone https://git.example/orchard.git',
    'typed twice: cd orchard',
    'typed twice: oc apply -f trees.yaml',
    'typed twice: oc apply -f $HOME/orchard/rules.yaml',
  ],
};

let directory: string;
let lab: Lab;
let mutants: readonly Mutant[];

before(() => {
  directory = mkdtempSync(join(tmpdir(), 'lw-operators-'));
  lab = loadLab(writeOrchard(directory));
  mutants = mutantsOf(lab);
});

after(() => rmSync(directory, { recursive: true, force: true }));

for (const { name, summary } of OPERATORS) {
  test(`${name}: ${summary}`, () => {
    const made = mutants.filter(({ operator }) => operator === name).map(({ description }) => description);
    assert.deepEqual(made, EXPECTED[name]);
  });
}

test('every mistake leaves a lab that loads, and has a unique id', () => {
  assert.equal(new Set(mutants.map(({ id }) => id)).size, mutants.length);
  for (const { edit } of mutants) mutatedLab(lab, edit, mkdtempSync(join(directory, 'copy-')));
});

test('a mistake begins to matter where its file is first used, whatever folder the shell is in', () => {
  const entries = new Map(mutants.map(({ operator, entry }) => [operator, entry]));
  assert.deepEqual(
    [entries.get('security/not-a-member'), entries.get('workload/replicas'), entries.get('routing/weights')],
    [0, 1, 1],
  );
});

test('a sample is the same for the same seed', () => {
  const sample = (seed: number): string[] =>
    chosenOf(mutants, { operators: [], sections: [], sample: 5, seed }).map(({ id }) => id);
  assert.deepEqual(sample(3), sample(3));
  assert.notDeepEqual(sample(3), sample(4));
});

test('a command that is left out is known by what it would have created, and by the subsets of its rule', () => {
  const about = mutants
    .filter(({ operator, description }) => operator === 'guide/left-out' && description.includes('rules.yaml'))
    .flatMap((mutant) => mutant.about);
  for (const name of ['fruit', 'pickers', 'v1', 'v2']) assert.ok(about.includes(name), `${name}: ${about}`);
});
