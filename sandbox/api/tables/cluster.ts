/** The columns of nodes, namespaces, events, accounts, roles and the rest. */
import { at, items, number, recordsAt, text } from '../../../model/fields.ts';
import type { ApiObject, TablePrinter } from '../types.ts';
import { age } from './age.ts';
import { AGE, column, NAME, printer, wide } from './default.ts';

export const NODES: TablePrinter = printer(
  [
    column('Status'),
    column('Roles'),
    AGE,
    column('Version'),
    wide('Internal-IP'),
    wide('External-IP'),
    wide('OS-Image'),
    wide('Kernel-Version'),
    wide('Container-Runtime'),
  ],
  (node) => {
    const ready = recordsAt(node, 'status', 'conditions').find((one) => one['type'] === 'Ready');
    const state = ready === undefined ? 'Unknown' : ready['status'] === 'True' ? 'Ready' : 'NotReady';
    const roles = Object.keys(node.metadata.labels ?? {})
      .filter((label) => label.startsWith('node-role.kubernetes.io/'))
      .map((label) => label.slice('node-role.kubernetes.io/'.length));
    const address = (type: string) =>
      text(recordsAt(node, 'status', 'addresses').find((one) => one['type'] === type)?.['address']) || '<none>';
    const info = (field: string) => text(at(node, 'status', 'nodeInfo', field)) || '<unknown>';
    return [
      at(node, 'spec', 'unschedulable') === true ? `${state},SchedulingDisabled` : state,
      roles.sort().join(',') || '<none>',
      text(at(node, 'status', 'nodeInfo', 'kubeletVersion')),
      address('InternalIP'),
      address('ExternalIP'),
      info('osImage'),
      info('kernelVersion'),
      info('containerRuntimeVersion'),
    ];
  },
);

export const NAMESPACES: TablePrinter = printer([column('Status'), AGE], (one) => [text(at(one, 'status', 'phase'))]);

export const SERVICE_ACCOUNTS: TablePrinter = printer([column('Secrets', 'integer'), AGE], (one) => [
  items(one['secrets']).length,
]);

/** Events show their NAME only with `-o wide`, as the last column. */
export const EVENTS: TablePrinter = {
  columns: [
    column('Last Seen'),
    column('Type'),
    column('Reason'),
    column('Object'),
    wide('Subobject'),
    wide('Source'),
    column('Message'),
    wide('First Seen'),
    wide('Count'),
    { ...NAME, priority: 1 },
  ],
  row: (event, now) => {
    const involved = at(event, 'involvedObject');
    const first = age(event['firstTimestamp'] ?? event['eventTime'], now);
    const series = at(event, 'series', 'lastObservedTime');
    const last = age(series ?? event['lastTimestamp'] ?? event['eventTime'], now);
    const count = number(at(event, 'series', 'count') ?? event['count'] ?? 1);
    const host = text(at(event, 'source', 'host'));
    const source = [text(at(event, 'source', 'component')) || text(event['reportingComponent']), host]
      .filter((one) => one !== '')
      .join(', ');
    return [
      last,
      text(event['type']),
      text(event['reason']),
      `${text(at(involved, 'kind')).toLowerCase()}/${text(at(involved, 'name'))}`,
      text(at(involved, 'fieldPath')),
      source,
      text(event['message']).trim(),
      first,
      String(count),
      event.metadata.name,
    ];
  },
};

const subjects = (binding: unknown, kind: string) =>
  recordsAt(binding, 'subjects')
    .filter((one) => one['kind'] === kind)
    .map((one) => (kind === 'ServiceAccount' ? `${text(one['namespace'])}/${text(one['name'])}` : text(one['name'])))
    .join(', ');

export const ROLE_BINDINGS: TablePrinter = printer(
  [column('Role'), AGE, wide('Users'), wide('Groups'), wide('ServiceAccounts')],
  (one) => [
    `${text(at(one, 'roleRef', 'kind'))}/${text(at(one, 'roleRef', 'name'))}`,
    subjects(one, 'User'),
    subjects(one, 'Group'),
    subjects(one, 'ServiceAccount'),
  ],
);

/** Roles and CRDs show their creation time instead of their age. */
export const CREATED_AT: TablePrinter = printer([column('Created At', 'date')], (one) => [
  text(one.metadata.creationTimestamp),
]);

export const WEBHOOKS: TablePrinter = printer([column('Webhooks', 'integer'), AGE], (one) => [
  items(one['webhooks']).length,
]);

export const LEASES: TablePrinter = printer([column('Holder'), AGE], (one) => [
  text(at(one, 'spec', 'holderIdentity')),
]);

export const API_SERVICES: TablePrinter = printer([column('Service'), column('Available'), AGE], (one) => {
  const service = at(one, 'spec', 'service');
  const available = recordsAt(one, 'status', 'conditions').find((condition) => condition['type'] === 'Available');
  return [
    service === undefined ? 'Local' : `${text(at(service, 'namespace'))}/${text(at(service, 'name'))}`,
    text(available?.['status']) || 'Unknown',
  ];
});

export const CLAIMS: TablePrinter = printer(
  [
    column('Status'),
    column('Volume'),
    column('Capacity'),
    column('Access Modes'),
    column('StorageClass'),
    column('VolumeAttributesClass'),
    AGE,
    wide('VolumeMode'),
  ],
  (one) => [
    phaseText(one),
    text(at(one, 'spec', 'volumeName')),
    text(at(one, 'status', 'capacity', 'storage')),
    modesText(at(one, 'status', 'accessModes')),
    text(at(one, 'spec', 'storageClassName')),
    ...volumeCells(one),
  ],
);

export const VOLUMES: TablePrinter = printer(
  [
    column('Capacity'),
    column('Access Modes'),
    column('Reclaim Policy'),
    column('Status'),
    column('Claim'),
    column('StorageClass'),
    column('VolumeAttributesClass'),
    column('Reason'),
    AGE,
    wide('VolumeMode'),
  ],
  (one) => {
    const claim = at(one, 'spec', 'claimRef');
    const [attributes, mode] = volumeCells(one);
    return [
      text(at(one, 'spec', 'capacity', 'storage')),
      modesText(at(one, 'spec', 'accessModes')),
      text(at(one, 'spec', 'persistentVolumeReclaimPolicy')),
      phaseText(one),
      claim === undefined ? '' : `${text(at(claim, 'namespace'))}/${text(at(claim, 'name'))}`,
      text(at(one, 'spec', 'storageClassName')),
      attributes,
      text(at(one, 'status', 'reason')),
      mode,
    ];
  },
);

function phaseText(one: ApiObject): string {
  return one.metadata.deletionTimestamp === undefined ? text(at(one, 'status', 'phase')) : 'Terminating';
}

/** `RWO,ROX`. */
function modesText(modes: unknown): string {
  return items(modes)
    .map((mode) => (mode === 'ReadWriteOncePod' ? 'RWOP' : text(mode).replaceAll(/[a-z]/g, '')))
    .map((mode) => (mode === 'ROM' ? 'ROX' : mode === 'RWM' ? 'RWX' : mode))
    .join(',');
}

function volumeCells(one: ApiObject): [attributesClass: string, mode: string] {
  const cell = (field: string): string => text(at(one, 'spec', field)) || '<unset>';
  return [cell('volumeAttributesClassName'), cell('volumeMode')];
}

export const STORAGE_CLASSES: TablePrinter = printer(
  [column('Provisioner'), column('ReclaimPolicy'), column('VolumeBindingMode'), column('AllowVolumeExpansion'), AGE],
  (one) => [
    text(one['provisioner']),
    text(one['reclaimPolicy']),
    text(one['volumeBindingMode']),
    one['allowVolumeExpansion'] === true,
  ],
);
