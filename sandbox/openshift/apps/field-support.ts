/** Which fields of a DeploymentConfig have an effect here. */
import { POD_FIELDS } from '../../api/registry/kinds/pod-fields.ts';
import { below, type FieldSupport, type KindSupport, merged } from '../../fields/support.ts';
import { AGENTS } from '../key-support.ts';

const NO_HOOKS = 'no pod is started for a hook';

const DEPLOYMENT_CONFIG: FieldSupport = merged(
  {
    supported: [
      'spec.replicas',
      'spec.selector',
      'spec.paused',
      'spec.minReadySeconds',
      'spec.revisionHistoryLimit',
      'spec.strategy.type=Rolling',
      'spec.strategy.type=Recreate',
      'spec.strategy.activeDeadlineSeconds=21600',
      'spec.strategy.rollingParams.maxSurge',
      'spec.strategy.rollingParams.maxUnavailable',
      'spec.strategy.rollingParams.timeoutSeconds',
      'spec.strategy.rollingParams.intervalSeconds=1',
      'spec.strategy.rollingParams.updatePeriodSeconds=1',
      'spec.strategy.recreateParams.timeoutSeconds',
      'spec.triggers[].type',
      'spec.triggers[].imageChangeParams',
      'spec.template.metadata',
      'spec.test=false',
    ],
    unsupported: {
      'spec.strategy': 'the controller rolls out itself, without a pod for it',
      'spec.strategy.rollingParams.pre': NO_HOOKS,
      'spec.strategy.rollingParams.post': NO_HOOKS,
      'spec.strategy.recreateParams.pre': NO_HOOKS,
      'spec.strategy.recreateParams.mid': NO_HOOKS,
      'spec.strategy.recreateParams.post': NO_HOOKS,
      'spec.test': 'pods stay between two rollouts',
    },
  },
  below('spec.template', POD_FIELDS),
  { supported: [], unsupported: {}, keys: [AGENTS] },
);

export const APPS_FIELDS: readonly KindSupport[] = [
  {
    group: 'apps.openshift.io',
    kind: 'DeploymentConfig',
    plural: 'deploymentconfigs',
    support: DEPLOYMENT_CONFIG,
  },
];
