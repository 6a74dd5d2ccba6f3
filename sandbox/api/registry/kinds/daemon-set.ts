import { at } from '../../../../model/fields.ts';
import { below, merged } from '../../../fields/support.ts';
import { defaultDaemonSet } from '../../defaults/workloads.ts';
import { equal } from '../../json.ts';
import type { ApiObject } from '../../types.ts';
import { daemonSetCauses } from '../../validation/workloads.ts';
import { builtinKind, STATUS } from '../builtin.ts';
import { dropStatus, workloadStrategy } from '../strategy-parts.ts';
import { POD_FIELDS } from './pod-fields.ts';

const FIELDS = merged(
  {
    supported: ['spec.selector', 'spec.template.metadata'],
    unsupported: {
      'spec.updateStrategy': 'all pods are replaced at once',
      'spec.minReadySeconds': 'a pod is available as soon as it is ready',
      'spec.revisionHistoryLimit': 'no revisions are kept',
    },
  },
  below('spec.template', POD_FIELDS),
);

export const DAEMON_SET = builtinKind('apps', 'v1', 'DaemonSet', {
  short: ['ds'],
  all: true,
  sub: STATUS,
  fields: FIELDS,
  strategy: {
    ...workloadStrategy(defaultDaemonSet, daemonSetCauses),
    prepareCreate: (object) => {
      dropStatus(object);
      countTemplate(object, object);
    },
    prepareUpdate: countTemplate,
  },
});

const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

/** Counts changes of the template in an annotation, as the real server has kept doing since the field is gone. */
function countTemplate(object: ApiObject, old: ApiObject): void {
  const before = Number(old.metadata.annotations?.[TEMPLATE_GENERATION] ?? 1);
  const isChanged = !equal(at(object, 'spec', 'template'), at(old, 'spec', 'template'));
  object.metadata.annotations = {
    ...object.metadata.annotations,
    [TEMPLATE_GENERATION]: String(isChanged ? before + 1 : before),
  };
}
