/** What a member roll says about its members. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { loadMeshFigures } from '../release.ts';
import { planeTrouble, rollStatus } from './memberroll-status.ts';
import { plane } from './testing.ts';

const figures = await loadMeshFigures('2.0');

test('a member roll says which namespaces are missing, and waits for the control plane', () => {
  const roll = {
    apiVersion: 'maistra.io/v1',
    kind: 'ServiceMeshMemberRoll',
    metadata: { name: 'default', namespace: 'mesh' },
  };
  assert.equal(planeTrouble([])?.reason, 'ErrSMCPMissing');
  assert.equal(planeTrouble([plane()])?.reason, 'SMCPReconciling');
  const membership = { members: ['a', 'b'], configured: ['a'], missing: ['b'], terminating: [] };
  const installed = plane({ observedGeneration: 1, operatorVersion: 'v' });
  const status = rollStatus(roll, membership, installed, undefined, figures);
  assert.equal(status.annotations?.['configuredMemberCount'], '1/2');
  assert.equal(status.conditions?.[0]?.message, 'The following namespace(s) could not be configured: [b]');
  assert.deepEqual(status.pendingMembers, ['b']);
  assert.equal(status['members'], undefined);
});

test('from 2.1 on a member roll sums up each member, in the words of that operator', async () => {
  const roll = {
    apiVersion: 'maistra.io/v1',
    kind: 'ServiceMeshMemberRoll',
    metadata: { name: 'default', namespace: 'mesh' },
  };
  const membership = { members: ['c', 'b', 'a'], configured: ['a'], missing: ['b'], terminating: ['c'] };
  for (const release of ['2.1', '2.2', '2.3', '2.4', '2.5', '2.6']) {
    const of = await loadMeshFigures(release);
    const installed = plane({ observedGeneration: 1, operatorVersion: 'v' });
    const status = rollStatus(roll, membership, installed, undefined, of);
    assert.equal(status.conditions?.[0]?.message, 'The following namespaces are not yet configured: [b]', release);
    assert.deepEqual(status['members'], ['a', 'b', 'c']);
    assert.deepEqual(status['terminatingMembers'], ['c']);
    assert.deepEqual(status.annotations, { configuredMemberCount: '1/3', kialiName: 'kiali' });
    const told = status.memberStatuses?.map(({ namespace, conditions: [one] }) => [
      namespace,
      one?.status,
      one?.reason,
    ]);
    assert.deepEqual(told, [
      ['a', 'True', undefined],
      ['b', 'False', 'NamespaceNotExists'],
      ['c', 'Unknown', undefined],
    ]);
    assert.equal(status.memberStatuses?.[1]?.conditions[0]?.message, 'Namespace b does not exist');

    const before = plane();
    before.spec = { ...before.spec, addons: { kiali: { enabled: false } } };
    const waiting = { members: ['a'], configured: [], missing: [], terminating: [] };
    const early = rollStatus(roll, waiting, before, planeTrouble([before]), of);
    assert.equal(early.conditions?.[0]?.message, 'The following namespaces are not yet configured: [a]');
    assert.equal(early.annotations?.['kialiName'], undefined);
    const gone = rollStatus(roll, waiting, undefined, planeTrouble([]), of);
    assert.equal(gone.conditions?.[0]?.reason, 'ErrSMCPMissing');
  }
});
