/** Existence is not readiness: workloads, jobs and builds. */
import { conditions, phase, testReadiness } from './testing.ts';

testReadiness({
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
});
