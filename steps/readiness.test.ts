import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ApiObject } from '../kube/types.ts';
import { readinessOf } from './readiness.ts';

function object(
  kind: string,
  rest: { spec?: Record<string, unknown>; status?: Record<string, unknown>; generation?: number; deleted?: boolean },
): ApiObject {
  return {
    apiVersion: 'v1',
    kind,
    metadata: {
      name: 'x',
      ...(rest.generation === undefined ? {} : { generation: rest.generation }),
      ...(rest.deleted ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    ...(rest.spec === undefined ? {} : { spec: rest.spec }),
    ...(rest.status === undefined ? {} : { status: rest.status }),
  };
}
const why = (of: ApiObject): string => {
  const readiness = readinessOf(of);
  return readiness.ready ? 'ready' : readiness.why;
};

describe('readiness', () => {
  const containers = [{ name: 'app' }, { name: 'proxy' }];

  test('a pod with one of two containers ready is not ready', () => {
    const pod = object('Pod', {
      spec: { containers },
      status: { phase: 'Running', containerStatuses: [{ ready: true }, { ready: false }] },
    });
    assert.equal(why(pod), '1/2 Running');
  });

  test('a pod says why a container waits', () => {
    const status = {
      phase: 'Pending',
      containerStatuses: [{ ready: false, state: { waiting: { reason: 'ImagePullBackOff' } } }],
    };
    assert.equal(why(object('Pod', { spec: { containers }, status })), '0/2 ImagePullBackOff');
  });

  test('a pod being deleted is not ready however many of its containers are', () => {
    const status = { phase: 'Running', containerStatuses: [{ ready: true }, { ready: true }] };
    assert.equal(why(object('Pod', { spec: { containers }, status, deleted: true })), 'is being deleted');
  });

  test('a deployment is ready only when no old replica is left', () => {
    const spec = { replicas: 2 };
    assert.equal(
      why(
        object('Deployment', {
          spec,
          status: { observedGeneration: 1, replicas: 3, updatedReplicas: 2, availableReplicas: 3 },
        }),
      ),
      '1 old replicas are still there',
    );
    assert.equal(
      why(
        object('Deployment', {
          spec,
          status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 2 },
        }),
      ),
      'ready',
    );
  });

  test('a status of an older generation proves nothing', () => {
    const status = { observedGeneration: 1, conditions: [{ type: 'Ready', status: 'True' }] };
    assert.equal(
      why(object('ServiceMeshControlPlane', { generation: 2, status })),
      'its controller has seen generation 1 of 2',
    );
  });

  test('an operator’s object without conditions is not ready', () => {
    assert.equal(why(object('ServiceMeshMemberRoll', { status: {} })), 'has no conditions yet');
  });

  test('a control plane says what it waits for', () => {
    const status = {
      conditions: [{ type: 'Ready', status: 'False', reason: 'PausingInstall', message: 'Paused until [prometheus]' }],
    };
    assert.equal(
      why(object('ServiceMeshControlPlane', { status })),
      'Ready=False (PausingInstall): Paused until [prometheus]',
    );
  });

  test('a route is ready when a router has admitted it', () => {
    assert.equal(why(object('Route', { status: {} })), 'no router has admitted it');
    assert.equal(
      why(object('Route', { status: { ingress: [{ conditions: [{ type: 'Admitted', status: 'True' }] }] } })),
      'ready',
    );
  });

  test('an object of a kind without conditions is ready when it exists', () => {
    assert.equal(why(object('Service', { status: { loadBalancer: {} } })), 'ready');
  });
});
