/** Existence is not readiness: OLM, OpenShift's own operators and those of the mesh. */
import { conditions, phase, testReadiness } from './testing.ts';

testReadiness({
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
});
