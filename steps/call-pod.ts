/** The temporary pod from which `call` calls. */

import type { ApiObject, ServedKind } from '../kube/types.ts';
import { formatSeconds } from '../model/duration.ts';
import { recordsAt } from '../model/fields.ts';
import type { Position } from '../model/lab.ts';
import { awaitObjects, explain } from './await.ts';
import type { ClusterContext } from './context.ts';
import { StepFailure } from './failure.ts';
import { readinessOf } from './readiness/index.ts';

export const POD_TIMEOUT_MS = 120_000;
export const CONTAINER = 'call';

export interface Caller {
  readonly at: Position;
  readonly from: { readonly namespace: string; readonly sidecar: boolean };
}

/** @throws {StepFailure} `LW-CALL-POD` if it does not become ready, or has a sidecar where it should have none. */
export async function createPod(step: Caller, pods: ServedKind, name: string, context: ClusterContext): Promise<void> {
  const { namespace, sidecar } = step.from;
  await context.api.create(pods, manifest(name, namespace, sidecar, context.callImage), namespace);
  const outcome = await awaitObjects(
    context.api,
    { kind: pods, filter: { namespace, fieldSelector: `metadata.name=${name}` } },
    { timeoutMs: POD_TIMEOUT_MS, signal: context.signal },
    ([pod]) => {
      if (pod === undefined) return { held: false, why: 'the pod does not exist' };
      const readiness = readinessOf(pod);
      return readiness.ready ? { held: true, why: '' } : { held: false, why: readiness.why };
    },
  );
  if (!outcome.held) {
    throw new StepFailure({
      code: 'LW-CALL-POD',
      message: `the pod to call from did not become ready within ${formatSeconds(POD_TIMEOUT_MS)}`,
      expected: `a running pod of ${context.callImage} in ${namespace}`,
      actual: outcome.why,
      at: step.at,
      details: await explain(context.api, pods, outcome.objects),
    });
  }
  const proxied = hasSidecar(outcome.objects[0]);
  if (proxied !== sidecar) {
    const seen = proxied ? 'the pod has a sidecar' : 'the pod has no sidecar';
    throw new StepFailure({
      code: 'LW-CALL-POD',
      message: `the pod to call from should ${sidecar ? 'have a sidecar' : 'not have a sidecar'}`,
      expected: `sidecar: ${sidecar}`,
      actual: seen,
      at: step.at,
      next: `oc get smmr -A; oc get namespace ${namespace} --show-labels`,
    });
  }
}

/** A second container or, in newer meshes, an init container that keeps running. */
function hasSidecar(pod: ApiObject | undefined): boolean {
  const stays = recordsAt(pod?.spec, 'initContainers').filter((container) => container['restartPolicy'] === 'Always');
  return recordsAt(pod?.spec, 'containers').length + stays.length > 1;
}

function manifest(name: string, namespace: string, sidecar: boolean, image: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { app: name, 'app.kubernetes.io/managed-by': 'labwright' },
      annotations: { 'sidecar.istio.io/inject': String(sidecar) },
    },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: CONTAINER,
          image,
          command: ['sleep', '3600'],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  };
}
