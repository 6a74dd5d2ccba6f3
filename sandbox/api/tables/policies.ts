/** The columns of quotas, budgets, priorities, classes, revisions and signing requests. */
import { groupOf } from '../../../model/api-version.ts';
import { at, fields, isRecord, number, recordsAt, text } from '../../../model/fields.ts';
import type { ApiObject, Cell, TablePrinter } from '../types.ts';
import { humanDuration } from './age.ts';
import { AGE, column, printer } from './default.ts';

export const DISRUPTION_BUDGETS: TablePrinter = printer(
  [column('Min Available'), column('Max Unavailable'), column('Allowed Disruptions', 'integer'), AGE],
  (one) => [
    String(at(one, 'spec', 'minAvailable') ?? 'N/A'),
    String(at(one, 'spec', 'maxUnavailable') ?? 'N/A'),
    number(at(one, 'status', 'disruptionsAllowed')),
  ],
);

/** Resources that start with `limits.` have a column of their own. */
export const QUOTAS: TablePrinter = printer([column('Request'), column('Limit'), AGE], (quota) => {
  const hard = Object.entries(fields(at(quota, 'status', 'hard'))).sort(([a], [b]) => (a < b ? -1 : 1));
  const shown = (limits: boolean): string =>
    hard
      .filter(([name]) => name.startsWith('limits.') === limits)
      .map(([name, most]) => `${name}: ${text(at(quota, 'status', 'used', name)) || '0'}/${text(most)}`)
      .join(', ');
  return [shown(false), shown(true)];
});

export const PRIORITY_CLASSES: TablePrinter = printer(
  [column('Value', 'integer'), column('Global-Default', 'boolean'), AGE, column('PreemptionPolicy')],
  (one) => [number(one['value']), one['globalDefault'] === true, text(one['preemptionPolicy'])],
);

export const INGRESS_CLASSES: TablePrinter = printer([column('Controller'), column('Parameters'), AGE], (one) => [
  text(at(one, 'spec', 'controller')),
  parametersText(at(one, 'spec', 'parameters')),
]);

function parametersText(parameters: unknown): string {
  if (!isRecord(parameters)) return '<none>';
  const group = text(parameters['apiGroup']);
  return `${text(parameters['kind'])}${group === '' ? '' : `.${group}`}/${text(parameters['name'])}`;
}

export const REVISIONS: TablePrinter = printer([column('Controller'), column('Revision', 'integer'), AGE], (one) => [
  controllerText(one),
  number(one['revision']),
]);

function controllerText({ metadata }: ApiObject): string {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined) return '<none>';
  const group = groupOf(owner.apiVersion);
  return `${owner.kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${owner.name}`;
}

export const POD_TEMPLATES: TablePrinter = printer(
  [column('Containers'), column('Images'), column('Pod Labels')],
  (one): Cell[] => {
    const containers = recordsAt(one, 'template', 'spec', 'containers');
    const labels = Object.entries(fields(at(one, 'template', 'metadata', 'labels'))).map(
      ([key, value]) => `${key}=${value}`,
    );
    const listed = (field: string): string => containers.map((container) => text(container[field])).join(',');
    return [listed('name'), listed('image'), labels.sort().join(',') || '<none>'];
  },
);

export const SIGNING_REQUESTS: TablePrinter = printer(
  [AGE, column('SignerName'), column('Requestor'), column('RequestedDuration'), column('Condition')],
  (one) => {
    const seconds = at(one, 'spec', 'expirationSeconds');
    return [
      text(at(one, 'spec', 'signerName')) || '<none>',
      text(at(one, 'spec', 'username')),
      typeof seconds === 'number' ? humanDuration(seconds * 1000) : '<none>',
      conditionText(one),
    ];
  },
);

function conditionText(request: ApiObject): string {
  const types = recordsAt(request, 'status', 'conditions').map((one) => one['type']);
  const decided = types.includes('Denied') ? 'Denied' : types.includes('Approved') ? 'Approved' : 'Pending';
  const failed = types.includes('Failed') ? ',Failed' : '';
  return `${decided}${failed}${text(at(request, 'status', 'certificate')) === '' ? '' : ',Issued'}`;
}
