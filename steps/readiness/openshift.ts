/** OpenShift's own kinds. */
import type { ApiObject } from '../../kube/types.ts';
import { listAt, recordAt, recordsAt, textAt } from '../../model/fields.ts';
import {
  allOf,
  conditionsAbsent,
  conditionsHold,
  type KindReadiness,
  notReady,
  phaseIs,
  READY,
  type Readiness,
} from './verdict.ts';

export const OPENSHIFT: readonly KindReadiness[] = [
  {
    group: 'project.openshift.io',
    kind: 'Project',
    names: ['project', 'projects'],
    judge: (object) => phaseIs(object, ['Active']),
  },
  {
    group: 'image.openshift.io',
    kind: 'ImageStream',
    names: ['imagestream', 'imagestreams', 'is'],
    judge: imageStream,
  },
  {
    group: 'image.openshift.io',
    kind: 'ImageStreamTag',
    names: ['imagestreamtag', 'imagestreamtags', 'istag'],
    judge: imageStreamTag,
  },
  {
    group: 'config.openshift.io',
    kind: 'ClusterOperator',
    names: ['clusteroperator', 'clusteroperators', 'co'],
    judge: (object) =>
      allOf(conditionsHold(object, ['Available']), conditionsAbsent(object, ['Degraded', 'Progressing'])),
  },
  {
    group: 'config.openshift.io',
    kind: 'ClusterVersion',
    names: ['clusterversion', 'clusterversions'],
    judge: (object) =>
      allOf(conditionsHold(object, ['Available']), conditionsAbsent(object, ['Failing', 'Progressing'])),
  },
  {
    group: 'operator.openshift.io',
    kind: 'IngressController',
    names: ['ingresscontroller', 'ingresscontrollers'],
    judge: (object) =>
      allOf(conditionsHold(object, ['Available']), conditionsAbsent(object, ['Degraded', 'Progressing'])),
  },
  {
    group: 'machineconfiguration.openshift.io',
    kind: 'MachineConfigPool',
    names: ['machineconfigpool', 'machineconfigpools', 'mcp'],
    judge: (object) => allOf(conditionsAbsent(object, ['Degraded']), conditionsHold(object, ['Updated'])),
  },
  {
    group: 'machine.openshift.io',
    kind: 'Machine',
    names: ['machine', 'machines'],
    judge: (object) => phaseIs(object, ['Running'], { failing: ['Failed'] }),
  },
];

/** Every tag in the spec has an image. */
function imageStream(object: ApiObject): Readiness {
  const seen = new Map(recordsAt(object.status, 'tags').map((tag) => [textAt(tag, 'tag'), tag]));
  const wanted = recordsAt(object.spec, 'tags').map((tag) => textAt(tag, 'name'));
  for (const name of wanted.length > 0 ? wanted : seen.keys()) {
    const tag = seen.get(name);
    const trouble = recordsAt(tag, 'conditions').find(
      (condition) => condition['type'] === 'ImportSuccess' && condition['status'] === 'False',
    );
    if (listAt(tag, 'items').length === 0)
      return notReady(
        `tag ${name} has no image${trouble === undefined ? '' : `: ${textAt(trouble, 'message') ?? ''}`}`,
      );
  }
  return seen.size === 0 ? notReady('has no tags') : READY;
}

function imageStreamTag(object: ApiObject): Readiness {
  return recordAt(object, 'image') === undefined ? notReady('has no image') : READY;
}
