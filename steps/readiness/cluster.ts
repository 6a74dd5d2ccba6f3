/** Kinds of the cluster itself. */
import type { ApiObject } from '../../kube/types.ts';
import { listAt, numberAt, recordAt, textAt } from '../../model/fields.ts';
import {
  allOf,
  conditionOf,
  conditionsAbsent,
  conditionsHold,
  describeCondition,
  failed,
  isTrue,
  type KindReadiness,
  notReady,
  phaseIs,
  READY,
  type Readiness,
} from './verdict.ts';

export const CLUSTER: readonly KindReadiness[] = [
  {
    group: '',
    kind: 'Namespace',
    names: ['namespace', 'namespaces', 'ns'],
    judge: (object) => phaseIs(object, ['Active']),
  },
  { group: '', kind: 'Node', names: ['node', 'nodes', 'no'], judge: (object) => conditionsHold(object, ['Ready']) },
  { group: '', kind: 'ResourceQuota', names: ['resourcequota', 'resourcequotas', 'quota'], judge: quota },
  {
    group: 'autoscaling',
    kind: 'HorizontalPodAutoscaler',
    names: ['horizontalpodautoscaler', 'horizontalpodautoscalers', 'hpa'],
    judge: autoscaler,
  },
  {
    group: 'policy',
    kind: 'PodDisruptionBudget',
    names: ['poddisruptionbudget', 'poddisruptionbudgets', 'pdb'],
    judge: disruptionBudget,
  },
  {
    group: 'apiregistration.k8s.io',
    kind: 'APIService',
    names: ['apiservice', 'apiservices'],
    judge: (object) => conditionsHold(object, ['Available']),
  },
  {
    group: 'apiextensions.k8s.io',
    kind: 'CustomResourceDefinition',
    names: ['customresourcedefinition', 'customresourcedefinitions', 'crd', 'crds'],
    judge: definition,
  },
  {
    group: 'certificates.k8s.io',
    kind: 'CertificateSigningRequest',
    names: ['certificatesigningrequest', 'certificatesigningrequests', 'csr'],
    judge: signingRequest,
  },
];

function definition(object: ApiObject): Readiness {
  const names = conditionOf(object, 'NamesAccepted');
  if (names?.['status'] === 'False') return failed(describeCondition(names));
  return conditionsHold(object, ['NamesAccepted', 'Established']);
}

function signingRequest(object: ApiObject): Readiness {
  for (const type of ['Denied', 'Failed']) {
    const condition = conditionOf(object, type);
    if (condition !== undefined && condition['status'] !== 'False') return failed(describeCondition(condition));
  }
  if (!isTrue(object, 'Approved')) return notReady('is not approved');
  return textAt(object.status, 'certificate') === undefined ? notReady('has no certificate yet') : READY;
}

/** Version 1 keeps its conditions in an annotation and its numbers in the status. */
function autoscaler(object: ApiObject): Readiness {
  if (listAt(object.status, 'conditions').length > 0)
    return allOf(conditionsHold(object, ['AbleToScale', 'ScalingActive']));
  if (object.apiVersion !== 'autoscaling/v1') return notReady('has no conditions yet');
  return numberAt(object.status, 'currentCPUUtilizationPercentage') === undefined
    ? notReady('knows no metrics yet')
    : READY;
}

function disruptionBudget(object: ApiObject): Readiness {
  if (numberAt(object.status, 'observedGeneration') === undefined)
    return notReady('its controller has not seen it yet');
  const [healthy, wanted] = [
    numberAt(object.status, 'currentHealthy') ?? 0,
    numberAt(object.status, 'desiredHealthy') ?? 0,
  ];
  if (healthy < wanted) return notReady(`${healthy} of ${wanted} pods are healthy`);
  return conditionsAbsent(object, ['SyncFailed']);
}

function quota(object: ApiObject): Readiness {
  const wanted = Object.entries(recordAt(object.spec, 'hard') ?? {});
  const counted = recordAt(object.status, 'hard');
  const missing = wanted.find(([name, value]) => counted?.[name] !== value);
  return missing === undefined ? READY : notReady(`${missing[0]} is not counted yet`);
}
