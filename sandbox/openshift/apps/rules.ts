/** Rules of DeploymentConfigs (openshift-apiserver, pkg/apps/apis/apps), and the columns of `oc get dc`. */

import { at, fields, isRecord, number, recordsAt, text } from '../../../model/fields.ts';
import { defaultPodSpec } from '../../api/defaults/pods.ts';
import { defaults, ensure } from '../../api/json.ts';
import type { ApiObject, KindRules, TablePrinter } from '../../api/types.ts';
import { replicationControllerCauses } from '../../api/validation/workloads.ts';

const TIMES = { updatePeriodSeconds: 1, intervalSeconds: 1, timeoutSeconds: 600 };
const SHARES = { maxUnavailable: '25%', maxSurge: '25%' };

export const DEPLOYMENT_CONFIG_RULES: KindRules = {
  defaults: setDefaults,
  prepareCreate: (config) => {
    config['status'] = { latestVersion: 0 };
  },
  validate: replicationControllerCauses,
};

/** Unlike in a Deployment, `replicas` defaults to 0. */
function setDefaults(config: ApiObject): void {
  const spec = ensure(config, 'spec');
  const { template } = spec;
  defaults(spec, { replicas: 0, test: false, triggers: [{ type: 'ConfigChange' }], revisionHistoryLimit: 10 });
  const strategy = ensure(spec, 'strategy');
  defaults(strategy, { type: 'Rolling', activeDeadlineSeconds: 21_600 });
  if (strategy['type'] === 'Rolling') defaults(ensure(strategy, 'rollingParams'), { ...TIMES, ...SHARES });
  if (strategy['type'] === 'Recreate') defaults(ensure(strategy, 'recreateParams'), { timeoutSeconds: 600 });
  if (!isRecord(template)) return;
  if (isRecord(template['spec'])) defaultPodSpec(template['spec']);
  const labels = fields(at(template, 'metadata', 'labels'));
  if (Object.keys(fields(spec['selector'])).length === 0) spec['selector'] = { ...labels };
}

export const DEPLOYMENT_CONFIG_PRINTER: TablePrinter = {
  columns: [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Revision', type: 'string' },
    { name: 'Desired', type: 'string' },
    { name: 'Current', type: 'string' },
    { name: 'Triggered By', type: 'string' },
  ],
  row: ({ metadata, spec, status }) => [
    metadata.name,
    number(at(status, 'latestVersion')),
    number(at(spec, 'replicas')),
    number(at(status, 'updatedReplicas')),
    recordsAt(spec, 'triggers').map(triggerText).join(','),
  ],
};

function triggerText(trigger: Record<string, unknown>): string {
  if (trigger['type'] === 'ConfigChange') return 'config';
  if (trigger['type'] === 'ImageChange') return `image(${text(at(trigger, 'imageChangeParams', 'from', 'name'))})`;
  return text(trigger['type']);
}
