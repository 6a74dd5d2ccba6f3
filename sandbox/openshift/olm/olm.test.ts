import assert from 'node:assert/strict';
import test from 'node:test';
import type { Deployment } from '../../client/kinds.ts';
import type { ClusterServiceVersion, OperatorGroup, Subscription } from '../kinds.ts';
import { loadRelease } from '../release.ts';
import { nextPhase, statusWith } from './csv-phase.ts';
import { csvOf } from './manifests.ts';
import { resolve } from './resolve.ts';

const release = await loadRelease('2.0');
const MESH = 'servicemeshoperator.v2.0.7.1';

function subscription(spec: Partial<Subscription['spec']>): Subscription {
  return {
    apiVersion: 'operators.coreos.com/v1alpha1',
    kind: 'Subscription',
    metadata: { name: 's', namespace: 'openshift-operators' },
    spec: {
      name: 'servicemeshoperator',
      source: 'redhat-operators',
      sourceNamespace: 'openshift-marketplace',
      ...spec,
    },
  };
}

test('a subscription resolves to the head of its channel, or of the default one', () => {
  assert.deepEqual(resolve(release, subscription({ channel: 'stable' }), undefined), { kind: 'install', csv: MESH });
  assert.deepEqual(resolve(release, subscription({}), undefined), { kind: 'install', csv: MESH });
  assert.deepEqual(resolve(release, subscription({}), MESH), { kind: 'latest' });
});

test('an unresolvable subscription is reported with OLM’s message', () => {
  const message = (spec: Partial<Subscription['spec']>): string => {
    const resolution = resolve(release, subscription(spec), undefined);
    return resolution.kind === 'unsatisfiable' ? resolution.message : '';
  };
  const wrongChannel =
    'no operators found in channel stable-9 of package servicemeshoperator in the catalog referenced by subscription s';
  assert.ok(message({ channel: 'stable-9' }).startsWith(`constraints not satisfiable: ${wrongChannel}`));
  assert.match(message({ name: 'servicemesh' }), /no operators found in package servicemesh in the catalog/);
  assert.match(message({ source: 'other' }), /no operators found from catalog other/);
  assert.match(message({ startingCSV: 'x.v1' }), /no operators found with name x\.v1 in channel stable/);
});

async function csv(): Promise<ClusterServiceVersion> {
  return csvOf(MESH, 'openshift-operators', release, 'operators.coreos.com/x');
}

test('a version goes through every phase and succeeds only when its deployment is available', async () => {
  let one = await csv();
  const group: OperatorGroup = {
    apiVersion: 'operators.coreos.com/v1',
    kind: 'OperatorGroup',
    metadata: { name: 'g' },
    spec: {},
  };
  const available: Deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'istio-operator' },
    spec: { selector: {}, template: { spec: { containers: [] } } },
    status: { availableReplicas: 1, conditions: [{ type: 'Available', status: 'True' }] },
  };
  const seen: string[] = [];
  for (const deployments of [[undefined], [undefined], [undefined], [undefined], [available]]) {
    const phase = nextPhase(one, [group], deployments);
    assert.ok(phase);
    seen.push(`${phase.phase}/${phase.reason}`);
    one = { ...one, status: statusWith(one, phase) };
  }
  assert.deepEqual(seen, [
    'Pending/RequirementsUnknown',
    'InstallReady/AllRequirementsMet',
    'Installing/InstallSucceeded',
    'Installing/InstallWaiting',
    'Succeeded/InstallSucceeded',
  ]);
  assert.equal(nextPhase(one, [group], [available]), undefined);
  assert.equal(nextPhase(one, [group], [undefined])?.reason, 'ComponentUnhealthy');
});

test('without an operator group, or with one that targets a namespace, a version fails', async () => {
  const one = await csv();
  assert.equal(nextPhase(one, [], [])?.reason, 'NoOperatorGroup');
  const group: OperatorGroup = {
    apiVersion: 'operators.coreos.com/v1',
    kind: 'OperatorGroup',
    metadata: { name: 'g' },
    spec: { targetNamespaces: ['openshift-operators'] },
  };
  assert.equal(nextPhase(one, [group], [])?.reason, 'UnsupportedOperatorGroup');
});

test('a version names the kinds it owns, with their storage version', async () => {
  const owned = (await csv()).spec.customresourcedefinitions?.owned ?? [];
  const { name, version } = owned.find(({ kind }) => kind === 'ServiceMeshControlPlane') ?? {};
  assert.deepEqual({ name, version }, { name: 'servicemeshcontrolplanes.maistra.io', version: 'v2' });
});
