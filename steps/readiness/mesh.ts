/** Service Mesh 2 and 3, and the add-ons installed with them. */
import type { ApiObject } from '../../kube/types.ts';
import { textAt } from '../../model/fields.ts';
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
  READY,
  type Readiness,
} from './verdict.ts';

const MAISTRA = 'maistra.io';
const SAIL = 'sailoperator.io';

export const MESH: readonly KindReadiness[] = [
  {
    group: MAISTRA,
    kind: 'ServiceMeshControlPlane',
    names: ['servicemeshcontrolplane', 'servicemeshcontrolplanes', 'smcp'],
    judge: (object) => conditionsHold(object, ['Ready']),
  },
  {
    group: MAISTRA,
    kind: 'ServiceMeshMemberRoll',
    names: ['servicemeshmemberroll', 'servicemeshmemberrolls', 'smmr'],
    judge: (object) => conditionsHold(object, ['Ready']),
  },
  {
    group: MAISTRA,
    kind: 'ServiceMeshMember',
    names: ['servicemeshmember', 'servicemeshmembers', 'smm'],
    judge: (object) => conditionsHold(object, ['Ready']),
  },
  ...[
    { kind: 'Istio', names: ['istio', 'istios'] },
    { kind: 'IstioRevision', names: ['istiorevision', 'istiorevisions', 'istiorev'] },
    { kind: 'IstioCNI', names: ['istiocni', 'istiocnis'] },
    { kind: 'ZTunnel', names: ['ztunnel', 'ztunnels'] },
  ].map((kind) => ({ ...kind, group: SAIL, judge: sail })),
  {
    group: SAIL,
    kind: 'IstioRevisionTag',
    names: ['istiorevisiontag', 'istiorevisiontags', 'istiorevtag'],
    judge: (object) => conditionsHold(object, ['Reconciled']),
  },
  { group: 'kiali.io', kind: 'Kiali', names: ['kiali', 'kialis'], judge: ansible },
  { group: 'kiali.io', kind: 'OSSMConsole', names: ['ossmconsole', 'ossmconsoles'], judge: ansible },
  { group: 'jaegertracing.io', kind: 'Jaeger', names: ['jaeger', 'jaegers'], judge: jaeger },
];

/** `Healthy`: every condition that the operator's release reports is True. */
function sail(object: ApiObject): Readiness {
  const dependencies = conditionOf(object, 'DependenciesHealthy');
  return allOf(
    conditionsHold(object, ['Reconciled', 'Ready']),
    dependencies === undefined || dependencies['status'] === 'True' ? READY : notReady(describeCondition(dependencies)),
  );
}

/** Operators written in Ansible: newer ones report Successful, older ones have that as the reason of Running. */
function ansible(object: ApiObject): Readiness {
  const running = conditionOf(object, 'Running');
  const trouble = conditionsAbsent(object, ['Failure']);
  if (!trouble.ready) return trouble;
  if (conditionOf(object, 'Successful') !== undefined) return conditionsHold(object, ['Successful']);
  if (isTrue(object, 'Running') && textAt(running, 'reason') === 'Successful') return READY;
  return notReady(running === undefined ? 'has no conditions yet' : describeCondition(running));
}

function jaeger(object: ApiObject): Readiness {
  const phase = textAt(object.status, 'phase');
  if (phase === 'Running') return READY;
  return phase === 'Failed' ? failed('phase is Failed') : notReady(`phase is ${phase ?? 'not set'}`);
}
