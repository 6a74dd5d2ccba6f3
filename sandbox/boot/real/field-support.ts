/**
 * Warnings for fields without effect with a real kube-apiserver: a validating webhook that never refuses, with the same tables as
 * the built-in API server.
 */

import { BUILTIN_KINDS } from '../../api/registry/kinds/index.ts';
import { POD_FIELDS } from '../../api/registry/kinds/pod-fields.ts';
import { ApiError, type Client, type KubeObject, resource } from '../../client/client.ts';
import type { AnyObject } from '../../client/kinds.ts';
import { eventOf, isForPeople } from '../../fields/event.ts';
import { below, type FieldSupport, type KindSupport, merged } from '../../fields/support.ts';
import { type UnsupportedField, unsupportedFields } from '../../fields/unsupported.ts';
import {
  type AdmissionAnswer,
  type AdmissionRequest,
  startWebhookServer,
} from '../../openshift/servicemesh/webhook-server.ts';

const EVENTS = resource<AnyObject>('v1', 'Event', 'events');
const WEBHOOKS = resource<AnyObject>(
  'admissionregistration.k8s.io/v1',
  'ValidatingWebhookConfiguration',
  'validatingwebhookconfigurations',
  'cluster',
);
const NAME = 'fields-without-effect.labwright.dev';

/** Kinds that the nodes, the network and the storage of the sandbox implement, whichever control plane runs. */
const SHARED_KINDS = [
  'Service',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'StorageClass',
  'NetworkPolicy',
  'Ingress',
  'IngressClass',
  'RuntimeClass',
  'PriorityClass',
  'HorizontalPodAutoscaler',
];

/** Workload kinds are handled by the real kube-controller-manager; their pods run in the sandbox. */
const TEMPLATES: readonly (readonly [group: string, kind: string, plural: string, at: string])[] = [
  ['apps', 'Deployment', 'deployments', 'spec.template'],
  ['apps', 'ReplicaSet', 'replicasets', 'spec.template'],
  ['apps', 'StatefulSet', 'statefulsets', 'spec.template'],
  ['apps', 'DaemonSet', 'daemonsets', 'spec.template'],
  ['batch', 'Job', 'jobs', 'spec.template'],
  ['batch', 'CronJob', 'cronjobs', 'spec.jobTemplate.spec.template'],
];

function template(at: string): FieldSupport {
  return merged({ supported: ['spec'], unsupported: { [`${at}.spec`]: '' } }, below(at, POD_FIELDS));
}

function ownTables(): readonly KindSupport[] {
  return [
    { group: '', kind: 'Pod', plural: 'pods', support: POD_FIELDS },
    ...TEMPLATES.map(([group, kind, plural, at]) => ({ group, kind, plural, support: template(at) })),
    ...BUILTIN_KINDS.flatMap(({ group, kind, plural, fields, storedAs }) =>
      fields !== undefined && storedAs === undefined && SHARED_KINDS.includes(kind)
        ? [{ group, kind, plural, support: fields }]
        : [],
    ),
  ];
}

export interface WarningOptions {
  readonly client: Client;
  readonly tables: readonly KindSupport[];
  readonly log: (line: string) => void;
}

/** Resolves when the webhook is registered. */
export async function startFieldWarnings({ client, tables, log }: WarningOptions): Promise<void> {
  const server = await startWebhookServer(log);
  const byKind = Map.groupBy([...ownTables(), ...tables], ({ group, kind }) => `${group}/${kind}`);
  const supports = new Map([...byKind].map(([key, found]) => [key, merged(...found.map(({ support }) => support))]));
  server.handle('/warn', (request) => {
    const { group, kind } = request.kind;
    const support = supports.get(`${group}/${kind}`);
    return support === undefined ? { allowed: true } : answer(client, support, request, log);
  });
  await client.create(WEBHOOKS, {
    apiVersion: WEBHOOKS.apiVersion,
    kind: WEBHOOKS.kind,
    metadata: { name: NAME },
    webhooks: [
      {
        name: NAME,
        clientConfig: server.clientConfig('/warn'),
        rules: [...Map.groupBy([...byKind.values()].flat(), ({ group }) => group)].map(([group, found]) => ({
          apiGroups: [group],
          apiVersions: ['*'],
          resources: [...new Set(found.map(({ plural }) => plural))],
          operations: ['CREATE', 'UPDATE'],
        })),
        // A failing webhook must not block anything.
        failurePolicy: 'Ignore',
        sideEffects: 'NoneOnDryRun',
        timeoutSeconds: 5,
        admissionReviewVersions: ['v1'],
      },
    ],
  });
}

function answer(
  client: Client,
  support: FieldSupport,
  { kind: { kind }, object, oldObject, dryRun, userInfo }: AdmissionRequest,
  log: (line: string) => void,
): AdmissionAnswer {
  if (!object) return { allowed: true };
  const found = unsupportedFields({ kind, support, object, old: oldObject ?? undefined });
  if (dryRun !== true && isForPeople(userInfo?.username ?? '', object))
    for (const field of found) record(client, object, field).catch((error) => log(`event: ${error}`));
  return { allowed: true, warnings: found.map(({ message }) => message) };
}

async function record(client: Client, object: KubeObject, field: UnsupportedField): Promise<void> {
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const event = { ...eventOf(object, field), firstTimestamp: now, lastTimestamp: now, count: 1 };
  await client.create<AnyObject>(EVENTS, event).catch((error) => {
    if (!(error instanceof ApiError && error.reason === 'AlreadyExists')) throw error;
  });
}
