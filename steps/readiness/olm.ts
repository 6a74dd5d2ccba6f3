/** Operator Lifecycle Manager. */
import type { ApiObject } from '../../kube/types.ts';
import { listAt, recordAt, textAt } from '../../model/fields.ts';
import {
  conditionOf,
  describeCondition,
  failed,
  type KindReadiness,
  notReady,
  phaseIs,
  READY,
  type Readiness,
} from './verdict.ts';

const GROUP = 'operators.coreos.com';

export const OLM: readonly KindReadiness[] = [
  { group: GROUP, kind: 'Subscription', names: ['subscription', 'subscriptions', 'sub', 'subs'], judge: subscription },
  { group: GROUP, kind: 'InstallPlan', names: ['installplan', 'installplans', 'ip'], judge: installPlan },
  {
    group: GROUP,
    kind: 'ClusterServiceVersion',
    names: ['clusterserviceversion', 'clusterserviceversions', 'csv', 'csvs'],
    judge: clusterServiceVersion,
  },
  { group: GROUP, kind: 'CatalogSource', names: ['catalogsource', 'catalogsources', 'catsrc'], judge: catalogSource },
  { group: GROUP, kind: 'OperatorGroup', names: ['operatorgroup', 'operatorgroups', 'og'], judge: operatorGroup },
  {
    group: 'packages.operators.coreos.com',
    kind: 'PackageManifest',
    names: ['packagemanifest', 'packagemanifests'],
    judge: packageManifest,
  },
];

function subscription(object: ApiObject): Readiness {
  const state = textAt(object.status, 'state') ?? '';
  if (state === 'AtLatestKnown') return READY;
  const trouble = ['ResolutionFailed', 'BundleUnpackFailed', 'InstallPlanFailed', 'InstallPlanPending']
    .map((type) => conditionOf(object, type))
    .find((condition) => condition?.['status'] === 'True');
  return notReady(
    `${state === '' ? 'OLM has not seen it yet' : `state is ${state}`}${trouble === undefined ? '' : `; ${describeCondition(trouble)}`}`,
  );
}

function installPlan(object: ApiObject): Readiness {
  if (textAt(object.status, 'phase') === 'RequiresApproval') return notReady('waits for approval');
  const installed = conditionOf(object, 'Installed');
  if (textAt(object.status, 'phase') === 'Failed' && installed !== undefined)
    return failed(describeCondition(installed));
  return phaseIs(object, ['Complete'], { failing: ['Failed'] });
}

/** OLM retries by itself after these. */
const TRIED_AGAIN: ReadonlySet<string> = new Set([
  'InstallCheckFailed',
  'NeedsReinstall',
  'ComponentUnhealthy',
  'RequirementsUnknown',
  'RequirementsNotMet',
]);

function clusterServiceVersion(object: ApiObject): Readiness {
  const again = TRIED_AGAIN.has(textAt(object.status, 'reason') ?? '');
  return phaseIs(object, ['Succeeded'], again ? {} : { failing: ['Failed'] });
}

function catalogSource(object: ApiObject): Readiness {
  const state = textAt(recordAt(object.status, 'connectionState'), 'lastObservedState');
  if (state === 'READY') return READY;
  const message = textAt(object.status, 'message');
  return notReady(
    `${state === undefined ? 'nothing has connected to it yet' : `its connection is ${state}`}${message === undefined ? '' : ` (${message})`}`,
  );
}

function operatorGroup(object: ApiObject): Readiness {
  return listAt(object.status, 'namespaces').length > 0 ? READY : notReady('OLM has not processed it yet');
}

function packageManifest(object: ApiObject): Readiness {
  return listAt(object.status, 'channels').length > 0 ? READY : notReady('has no channels');
}
