/** The columns of workloads: Deployments, ReplicaSets, DaemonSets, StatefulSets, Jobs, CronJobs. */
import { at, type Fields, fields, items, listAt, number, recordsAt, text } from '../../../model/fields.ts';
import type { ApiObject, TablePrinter } from '../types.ts';
import { age, humanDuration } from './age.ts';
import { AGE, column, printer, wide } from './default.ts';

const TEMPLATE_COLUMNS = [wide('Containers'), wide('Images')];

function template(object: Fields): [string, string] {
  const containers = recordsAt(object, 'spec', 'template', 'spec', 'containers');
  return [containers.map((one) => text(one['name'])).join(','), containers.map((one) => text(one['image'])).join(',')];
}

/** A selector in kubectl's format: `app=web,tier in (a,b)`, or `<none>`. */
export function selectorText(selector: unknown): string {
  // The selector of a ReplicationController is a map of labels.
  const isMap = Object.values(fields(selector)).some((value) => typeof value === 'string');
  const labels = Object.entries(fields(isMap ? selector : at(selector, 'matchLabels'))).map(
    ([key, value]) => `${key}=${text(value)}`,
  );
  const rules = recordsAt(selector, 'matchExpressions').map((rule) => {
    const key = text(rule['key']);
    const values = items(rule['values']).join(',');
    switch (rule['operator']) {
      case 'In':
        return `${key} in (${values})`;
      case 'NotIn':
        return `${key} notin (${values})`;
      case 'Exists':
        return key;
      default:
        return `!${key}`;
    }
  });
  return [...labels.sort(), ...rules].join(',') || '<none>';
}

const status = (object: ApiObject, field: string) => number(at(object, 'status', field));
const replicas = (object: ApiObject) => number(at(object, 'spec', 'replicas') ?? 1);

export const DEPLOYMENTS: TablePrinter = printer(
  [
    column('Ready'),
    column('Up-to-date', 'integer'),
    column('Available', 'integer'),
    AGE,
    ...TEMPLATE_COLUMNS,
    wide('Selector'),
  ],
  (one) => [
    `${status(one, 'readyReplicas')}/${replicas(one)}`,
    status(one, 'updatedReplicas'),
    status(one, 'availableReplicas'),
    ...template(one),
    selectorText(at(one, 'spec', 'selector')),
  ],
);

export const REPLICA_SETS: TablePrinter = printer(
  [
    column('Desired', 'integer'),
    column('Current', 'integer'),
    column('Ready', 'integer'),
    AGE,
    ...TEMPLATE_COLUMNS,
    wide('Selector'),
  ],
  (one) => [
    replicas(one),
    status(one, 'replicas'),
    status(one, 'readyReplicas'),
    ...template(one),
    selectorText(at(one, 'spec', 'selector')),
  ],
);

export const DAEMON_SETS: TablePrinter = printer(
  [
    column('Desired', 'integer'),
    column('Current', 'integer'),
    column('Ready', 'integer'),
    column('Up-to-date', 'integer'),
    column('Available', 'integer'),
    column('Node Selector'),
    AGE,
    ...TEMPLATE_COLUMNS,
    wide('Selector'),
  ],
  (one) => [
    status(one, 'desiredNumberScheduled'),
    status(one, 'currentNumberScheduled'),
    status(one, 'numberReady'),
    status(one, 'updatedNumberScheduled'),
    status(one, 'numberAvailable'),
    selectorText({ matchLabels: at(one, 'spec', 'template', 'spec', 'nodeSelector') }),
    ...template(one),
    selectorText(at(one, 'spec', 'selector')),
  ],
);

export const STATEFUL_SETS: TablePrinter = printer([column('Ready'), AGE, ...TEMPLATE_COLUMNS], (one) => [
  `${status(one, 'readyReplicas')}/${replicas(one)}`,
  ...template(one),
]);

export const JOBS: TablePrinter = printer(
  [column('Status'), column('Completions'), column('Duration'), AGE, ...TEMPLATE_COLUMNS, wide('Selector')],
  (one, now) => {
    const start = Date.parse(text(at(one, 'status', 'startTime')));
    const end = Date.parse(text(at(one, 'status', 'completionTime'))) || now;
    return [
      jobState(one),
      `${status(one, 'succeeded')}/${number(at(one, 'spec', 'completions') ?? 1)}`,
      Number.isNaN(start) ? '' : humanDuration(end - start),
      ...template(one),
      selectorText(at(one, 'spec', 'selector')),
    ];
  },
);

function jobState(job: unknown): string {
  const has = (type: string): boolean =>
    recordsAt(job, 'status', 'conditions').some((one) => one['type'] === type && one['status'] === 'True');
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (at(job, 'metadata', 'deletionTimestamp') !== undefined) return 'Terminating';
  if (has('Suspended')) return 'Suspended';
  return has('FailureTarget') ? 'FailureTarget' : has('SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running';
}

export const CRON_JOBS: TablePrinter = printer(
  [
    column('Schedule'),
    column('Timezone'),
    column('Suspend'),
    column('Active', 'integer'),
    column('Last Schedule'),
    AGE,
    ...TEMPLATE_COLUMNS,
    wide('Selector'),
  ],
  (one, now) => {
    const last = at(one, 'status', 'lastScheduleTime');
    return [
      text(at(one, 'spec', 'schedule')),
      text(at(one, 'spec', 'timeZone')) || '<none>',
      at(one, 'spec', 'suspend') === true ? 'True' : 'False',
      listAt(one, 'status', 'active').length,
      last === undefined ? '<none>' : age(last, now),
      ...template(fields(at(one, 'spec', 'jobTemplate'))),
      selectorText(at(one, 'spec', 'jobTemplate', 'spec', 'selector')),
    ];
  },
);
