/** Existence is not readiness: what is not ready yet, what failed permanently, what is ready, and what has no readiness. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readinessOfKind } from './index.ts';
import { conditions, object, phase, testReadiness, told } from './testing.ts';

testReadiness({
  Namespace: [
    [phase('Terminating'), 'phase is Terminating'],
    [phase('Active'), 'ready'],
  ],
  Node: [
    [conditions('Ready Unknown NodeStatusUnknown'), 'Ready=Unknown (NodeStatusUnknown)'],
    [conditions('Ready'), 'ready'],
  ],
  'autoscaling/HorizontalPodAutoscaler': [
    [{ apiVersion: 'autoscaling/v2', status: {} }, 'has no conditions yet'],
    [
      conditions('AbleToScale', 'ScalingActive False FailedGetResourceMetric'),
      'ScalingActive=False (FailedGetResourceMetric)',
    ],
    [conditions('AbleToScale', 'ScalingActive'), 'ready'],
  ],
  'policy/PodDisruptionBudget': [
    [{ status: { observedGeneration: 1, currentHealthy: 1, desiredHealthy: 2 } }, '1 of 2 pods are healthy'],
    [{ status: { observedGeneration: 1, currentHealthy: 2, desiredHealthy: 2 } }, 'ready'],
  ],
  'apiregistration.k8s.io/APIService': [
    [conditions('Available False MissingEndpoints'), 'Available=False (MissingEndpoints)'],
    [conditions('Available'), 'ready'],
  ],
  'apiextensions.k8s.io/CustomResourceDefinition': [
    [{ status: {} }, 'has no condition NamesAccepted yet'],
    [conditions('NamesAccepted False PluralConflict'), 'failed: NamesAccepted=False (PluralConflict)'],
    [conditions('NamesAccepted', 'Established'), 'ready'],
  ],
  'certificates.k8s.io/CertificateSigningRequest': [
    [{ status: {} }, 'is not approved'],
    [conditions('Denied'), 'failed: Denied=True'],
    [conditions('Approved'), 'has no certificate yet'],
    [{ status: { ...conditions('Approved').status, certificate: 'x' } }, 'ready'],
  ],
  'example.com/Widget': [
    [{}, /^has no conditions; without a condition Ready or Available, `until:`/],
    [conditions('Ready False'), 'Ready=False'],
    [
      { generation: 3, status: { conditions: [{ type: 'Ready', status: 'True', observedGeneration: 2 }] } },
      'its condition Ready is about generation 2 of 3',
    ],
    [conditions('Ready'), 'ready'],
  ],
  ConfigMap: [[{ data: {} }, 'failed: a ConfigMap has no readiness: define it with `until:`']],
  'networking.istio.io/Gateway': [[{}, /^failed: a Gateway has no readiness/]],
});

const containers = [{ name: 'app' }, { name: 'proxy' }];

test('a pod is counted as in oc get pods, with the reason why a container waits', () => {
  const pod = (status: Record<string, unknown>, spec: Record<string, unknown> = { containers }) =>
    told(object('Pod', { spec, status }));
  assert.equal(pod({ phase: 'Running', containerStatuses: [{ ready: true }, { ready: false }] }), '1/2 Running');
  const waiting = { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "x"' } };
  assert.equal(
    pod({ phase: 'Pending', containerStatuses: [{ ready: false, state: waiting }] }),
    '0/2 ImagePullBackOff: Back-off pulling image "x"',
  );
  assert.equal(pod({ phase: 'Failed', reason: 'Evicted' }), 'failed: 0/2 Evicted');
  assert.equal(pod({ phase: 'Succeeded' }), 'ready');
  const gated = {
    phase: 'Running',
    containerStatuses: [{ ready: true }, { ready: true }],
    ...conditions('Ready False').status,
  };
  assert.equal(pod(gated), '2/2 but not Ready');
});

test('a native sidecar counts as a container, an init container that has ended does not', () => {
  const spec = {
    containers: [{ name: 'app' }],
    initContainers: [{ name: 'setup' }, { name: 'istio-proxy', restartPolicy: 'Always' }],
  };
  const status = (proxy: boolean) => ({
    phase: 'Running',
    containerStatuses: [{ name: 'app', ready: true }],
    initContainerStatuses: [
      { name: 'setup', ready: true },
      { name: 'istio-proxy', ready: proxy },
    ],
  });
  assert.equal(told(object('Pod', { spec, status: status(false) })), '1/2 Running');
  assert.equal(told(object('Pod', { spec, status: status(true) })), 'ready');
});

test('an object that is being deleted is not ready, whatever its status says', () => {
  const status = { phase: 'Running', containerStatuses: [{ ready: true }, { ready: true }] };
  assert.equal(told(object('Pod', { spec: { containers }, status, deleted: true })), 'is being deleted');
});

test('kinds are recognized by the names that people type', () => {
  const known = ['pods', 'deploy', 'dc', 'csv', 'routes.route.openshift.io', 'smcp', 'istio', 'istiocni', 'pvc'];
  assert.deepEqual(
    known.map(readinessOfKind),
    known.map(() => 'known'),
  );
  assert.deepEqual(['cm', 'virtualservice', 'role.rbac.authorization.k8s.io'].map(readinessOfKind), [
    'none',
    'none',
    'none',
  ]);
  assert.deepEqual(['widget', 'role.iam.example.com'].map(readinessOfKind), ['unknown', 'unknown']);
});
