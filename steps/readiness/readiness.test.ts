/** Existence is not readiness: for each kind, what is not ready yet, what failed permanently, and what is ready. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ApiObject } from '../../kube/types.ts';
import { readinessOf, readinessOfKind } from './index.ts';

type Rest = {
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  generation?: number;
  deleted?: boolean;
};

/** @param kind `group/Kind`, or `Kind` of the core group. */
function object(kind: string, rest: Rest & Record<string, unknown> = {}): ApiObject {
  const [name = '', group] = kind.split('/').reverse();
  const { generation, deleted, ...fields } = rest;
  return {
    apiVersion: group === undefined ? 'v1' : `${group}/v1`,
    kind: name,
    metadata: {
      name: 'x',
      ...(generation === undefined ? {} : { generation }),
      ...(deleted === true ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    ...fields,
  };
}

/** `ready`, `failed: why`, or why it is not ready yet. */
function told(of: ApiObject): string {
  const readiness = readinessOf(of);
  if (readiness.ready) return 'ready';
  return readiness.failed === true ? `failed: ${readiness.why}` : readiness.why;
}

const conditions = (...states: readonly string[]) => ({
  status: {
    conditions: states.map((state) => {
      const [type, status = 'True', reason] = state.split(' ');
      return { type, status, ...(reason === undefined ? {} : { reason }) };
    }),
  },
});
const phase = (value: string, more = {}) => ({ status: { phase: value, ...more } });

/** For each kind: an object and its verdict. */
const CASES: Readonly<Record<string, readonly (readonly [Rest & Record<string, unknown>, RegExp | string])[]>> = {
  'apps/Deployment': [
    [{ spec: { replicas: 2 } }, 'its controller has not seen it yet'],
    [{ status: { observedGeneration: 1, updatedReplicas: 0 } }, '0 of 1 replicas are updated'],
    [{ status: { observedGeneration: 1, updatedReplicas: 1, replicas: 2 } }, '1 old replicas still exist'],
    [{ status: { observedGeneration: 1, updatedReplicas: 1, replicas: 1 } }, '0 of 1 replicas are available'],
    [
      {
        status: {
          observedGeneration: 1,
          conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }],
        },
      },
      /^failed: Progressing=False \(ProgressDeadlineExceeded\)/,
    ],
    [{ spec: { replicas: 0 }, status: { observedGeneration: 1 } }, 'ready'],
    [{ status: { observedGeneration: 1, updatedReplicas: 1, replicas: 1, availableReplicas: 1 } }, 'ready'],
  ],
  'apps/StatefulSet': [
    [{ spec: { replicas: 3 }, status: { observedGeneration: 1, readyReplicas: 0 } }, '0 of 3 replicas are ready'],
    [
      {
        spec: { replicas: 1 },
        status: { observedGeneration: 1, readyReplicas: 1, currentRevision: 'a', updateRevision: 'b' },
      },
      '0 of 1 replicas are updated',
    ],
    [
      {
        spec: { replicas: 3 },
        generation: 2,
        status: { observedGeneration: 1, readyReplicas: 3 },
      },
      'its controller has seen generation 1 of 2',
    ],
    [{ spec: { replicas: 3 }, status: { observedGeneration: 1, readyReplicas: 3 } }, 'ready'],
  ],
  'apps/DaemonSet': [
    [{ status: {} }, 'its controller has not seen it yet'],
    [
      { status: { observedGeneration: 1, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 0 } },
      '0 of 3 pods are available',
    ],
    [
      { status: { observedGeneration: 1, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 } },
      'ready',
    ],
  ],
  'apps/ReplicaSet': [
    [{ spec: { replicas: 3 }, status: { observedGeneration: 1, replicas: 3 } }, '0 of 3 replicas are ready'],
    [{ spec: { replicas: 3 }, status: { observedGeneration: 1, replicas: 3, readyReplicas: 3 } }, 'ready'],
  ],
  ReplicationController: [
    [{ spec: { replicas: 1 }, status: {} }, 'its controller has not seen it yet'],
    [{ spec: { replicas: 1 }, status: { observedGeneration: 1, replicas: 1, readyReplicas: 1 } }, 'ready'],
  ],
  'apps.openshift.io/DeploymentConfig': [
    [{ spec: { replicas: 1 }, status: { latestVersion: 0 } }, 'nothing has been deployed yet'],
    [
      {
        spec: { replicas: 1 },
        status: {
          latestVersion: 1,
          observedGeneration: 1,
          replicas: 1,
          updatedReplicas: 1,
          availableReplicas: 1,
        },
      },
      'ready',
    ],
  ],
  'batch/Job': [
    [{ status: { active: 1 } }, '0 of 1 completions'],
    [conditions('SuccessCriteriaMet'), '0 of 1 completions'],
    [conditions('Failed True BackoffLimitExceeded'), 'failed: Failed=True (BackoffLimitExceeded)'],
    [conditions('Complete'), 'ready'],
  ],
  'batch/CronJob': [
    [{ spec: { schedule: '* * * * *' } }, 'has not been scheduled yet'],
    [{ spec: { suspend: true } }, 'failed: is suspended'],
    [
      { status: { lastScheduleTime: '2026-01-01T00:01:00Z', lastSuccessfulTime: '2026-01-01T00:00:05Z' } },
      /has not succeeded/,
    ],
    [{ status: { lastScheduleTime: '2026-01-01T00:01:00Z', lastSuccessfulTime: '2026-01-01T00:01:05Z' } }, 'ready'],
  ],
  'build.openshift.io/Build': [
    [phase('Running'), 'phase is Running'],
    [
      phase('Failed', { reason: 'AssembleFailed', message: 'Assemble script failed.' }),
      'failed: phase is Failed (AssembleFailed: Assemble script failed.)',
    ],
    [phase('Complete'), 'ready'],
  ],
  PersistentVolumeClaim: [
    [phase('Pending'), 'phase is Pending'],
    [phase('Lost'), 'failed: phase is Lost'],
    [phase('Bound'), 'ready'],
  ],
  PersistentVolume: [
    [phase('Released'), 'phase is Released'],
    [phase('Available'), 'ready'],
  ],
  Service: [
    [{ spec: { type: 'LoadBalancer' }, status: { loadBalancer: {} } }, 'its load balancer has no address yet'],
    [{ spec: { type: 'ClusterIP' } }, 'ready'],
  ],
  Endpoints: [
    [{ subsets: [{ notReadyAddresses: [{ ip: '10.0.0.1' }] }] }, 'no pod behind it is ready'],
    [{ subsets: [{ addresses: [{ ip: '10.0.0.1' }] }] }, 'ready'],
  ],
  'networking.k8s.io/Ingress': [
    [{ status: { loadBalancer: {} } }, 'no ingress controller has given it an address'],
    [{ status: { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } } }, 'ready'],
  ],
  'route.openshift.io/Route': [
    [{ status: {} }, 'no router has admitted it'],
    [
      { status: { ingress: [{ conditions: [{ type: 'Admitted', status: 'False', reason: 'HostAlreadyClaimed' }] }] } },
      'not admitted: Admitted=False (HostAlreadyClaimed)',
    ],
    [{ status: { ingress: [{ conditions: [{ type: 'Admitted', status: 'True' }] }] } }, 'ready'],
  ],
  'gateway.networking.k8s.io/Gateway': [
    [conditions('Accepted', 'Programmed False AddressNotAssigned'), 'Programmed=False (AddressNotAssigned)'],
    [
      {
        status: {
          ...conditions('Accepted', 'Programmed').status,
          listeners: [{ name: 'http', conditions: [{ type: 'ResolvedRefs', status: 'False' }] }],
        },
      },
      'listener http: ResolvedRefs=False',
    ],
    [conditions('Accepted', 'Programmed'), 'ready'],
  ],
  'gateway.networking.k8s.io/HTTPRoute': [
    [
      { spec: { parentRefs: [{ name: 'a' }, { name: 'b' }] }, status: { parents: [{}] } },
      '1 of 2 parents have accepted it',
    ],
    [
      {
        spec: { parentRefs: [{ name: 'a' }] },
        status: {
          parents: [
            {
              conditions: [
                { type: 'Accepted', status: 'True' },
                { type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound' },
              ],
            },
          ],
        },
      },
      'ResolvedRefs=False (BackendNotFound)',
    ],
    [
      {
        spec: { parentRefs: [{ name: 'a' }] },
        status: {
          parents: [
            {
              conditions: [
                { type: 'Accepted', status: 'True' },
                { type: 'ResolvedRefs', status: 'True' },
              ],
            },
          ],
        },
      },
      'ready',
    ],
  ],
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
  'operators.coreos.com/Subscription': [
    [{ status: { state: 'UpgradePending' } }, 'state is UpgradePending'],
    [conditions('ResolutionFailed True ConstraintsNotSatisfiable'), /OLM has not seen it yet; ResolutionFailed=True/],
    [{ status: { state: 'AtLatestKnown' } }, 'ready'],
  ],
  'operators.coreos.com/InstallPlan': [
    [phase('RequiresApproval'), 'waits for approval'],
    [phase('Failed', { message: 'no such CRD' }), 'failed: phase is Failed (no such CRD)'],
    [phase('Complete'), 'ready'],
  ],
  'operators.coreos.com/ClusterServiceVersion': [
    [
      phase('Installing', { reason: 'InstallWaiting', message: 'installing' }),
      'phase is Installing (InstallWaiting: installing)',
    ],
    [
      phase('Failed', { reason: 'InstallCheckFailed', message: 'install timeout' }),
      'phase is Failed (InstallCheckFailed: install timeout)',
    ],
    [phase('Failed', { reason: 'UnsupportedOperatorGroup' }), 'failed: phase is Failed (UnsupportedOperatorGroup)'],
    [phase('Succeeded'), 'ready'],
  ],
  'operators.coreos.com/CatalogSource': [
    [{ status: {} }, 'nothing has connected to it yet'],
    [
      { status: { connectionState: { lastObservedState: 'TRANSIENT_FAILURE' } } },
      'its connection is TRANSIENT_FAILURE',
    ],
    [{ status: { connectionState: { lastObservedState: 'READY' } } }, 'ready'],
  ],
  'operators.coreos.com/OperatorGroup': [
    [{ status: {} }, 'OLM has not processed it yet'],
    [{ status: { namespaces: [''] } }, 'ready'],
  ],
  'image.openshift.io/ImageStream': [
    [{ spec: { tags: [{ name: '1' }] }, status: {} }, 'tag 1 has no image'],
    [
      {
        spec: { tags: [{ name: '1' }] },
        status: {
          tags: [
            {
              tag: '1',
              items: null,
              conditions: [{ type: 'ImportSuccess', status: 'False', message: 'unauthorized' }],
            },
          ],
        },
      },
      'tag 1 has no image: unauthorized',
    ],
    [{ status: {} }, 'has no tags'],
    [{ spec: { tags: [{ name: '1' }] }, status: { tags: [{ tag: '1', items: [{ image: 'sha256:x' }] }] } }, 'ready'],
  ],
  'config.openshift.io/ClusterOperator': [
    [conditions('Available', 'Degraded True'), 'Degraded=True'],
    [conditions('Available', 'Degraded False', 'Progressing False'), 'ready'],
  ],
  'config.openshift.io/ClusterVersion': [
    [conditions('Available', 'Progressing'), 'Progressing=True'],
    [conditions('Available', 'Progressing False'), 'ready'],
  ],
  'maistra.io/ServiceMeshControlPlane': [
    [conditions('Ready False PausingInstall'), 'Ready=False (PausingInstall)'],
    [
      { generation: 2, status: { observedGeneration: 1, ...conditions('Ready').status } },
      'its controller has seen generation 1 of 2',
    ],
    [conditions('Ready'), 'ready'],
  ],
  'maistra.io/ServiceMeshMemberRoll': [[{ status: {} }, 'has no condition Ready yet']],
  'sailoperator.io/Istio': [
    [
      conditions('Reconciled', 'Ready', 'DependenciesHealthy False IstioCNINotFound'),
      'DependenciesHealthy=False (IstioCNINotFound)',
    ],
    [conditions('Reconciled', 'Ready False IstiodNotReady'), 'Ready=False (IstiodNotReady)'],
    [conditions('Reconciled', 'Ready'), 'ready'],
  ],
  'kiali.io/Kiali': [
    [conditions('Running True Running'), 'Running=True (Running)'],
    [conditions('Running True Successful'), 'ready'],
    [conditions('Running', 'Successful', 'Failure False'), 'ready'],
  ],
  'jaegertracing.io/Jaeger': [
    [{ status: {} }, 'phase is not set'],
    [phase('Running'), 'ready'],
  ],
  // For other kinds their own conditions decide; data has no readiness.
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
};

describe('readiness', () => {
  for (const [kind, cases] of Object.entries(CASES)) {
    test(kind, () => {
      for (const [rest, expected] of cases) {
        const seen = told(object(kind, rest));
        if (typeof expected === 'string') assert.equal(seen, expected);
        else assert.match(seen, expected);
      }
    });
  }

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
});
