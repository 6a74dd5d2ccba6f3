/** The webhooks of an istiod: injection by the labels of namespaces and pods, and validation of Istio's kinds. */
import type { Client, OwnerReference } from '../../client/client.ts';
import { type AnyObject, DEPLOYMENTS, type LabelSelector } from '../../client/kinds.ts';
import { createOrPatch } from '../create-or-patch.ts';
import { MUTATING_WEBHOOKS, VALIDATING_WEBHOOKS } from '../kinds.ts';
import type { AdmissionAnswer, WebhookServer } from '../servicemesh/webhook-server.ts';
import { injectPod } from './inject.ts';
import { type Installation, istiodName } from './installation.ts';
import { DEFAULT_REVISION, INJECT, INJECTION_LABEL, REVISION_LABEL } from './references.ts';
import type { SailState } from './state.ts';

type Webhooks = Pick<SailState, 'webhooks' | 'validate'>;

const ALLOWED: AdmissionAnswer = { allowed: true };
const ISTIO_KINDS = ['networking.istio.io', 'security.istio.io', 'telemetry.istio.io', 'extensions.istio.io'];

/** @param tag the name by which namespaces and pods refer to the revision: its own name or a tag. */
export async function registerInjector(
  client: Client,
  server: WebhookServer,
  installation: Installation,
  tag: {
    readonly name: string;
    readonly configuration: string;
    readonly owner: AnyObject['metadata']['ownerReferences'];
  },
): Promise<void> {
  const path = `/inject/${installation.revision}/${tag.name}`;
  server.handle(path, async (request) => {
    await requireIstiod(client, installation);
    return injectPod(request, installation);
  });
  const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'], scope: '*' }];
  await createOrPatch<AnyObject>(client, MUTATING_WEBHOOKS, {
    apiVersion: MUTATING_WEBHOOKS.apiVersion,
    kind: MUTATING_WEBHOOKS.kind,
    metadata: {
      name: tag.configuration,
      labels: { app: 'sidecar-injector', 'istio.io/rev': installation.revision, ...managed(tag.name) },
      ...(tag.owner === undefined ? {} : { ownerReferences: tag.owner }),
    },
    webhooks: selectorsOf(tag.name).map(({ name, namespaceSelector, objectSelector }) => ({
      name,
      clientConfig: server.clientConfig(path),
      rules,
      namespaceSelector,
      objectSelector,
      failurePolicy: 'Fail',
      reinvocationPolicy: 'Never',
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    })),
  });
}

const managed = (tag: string): Record<string, string> => ({
  'istio.io/tag': tag,
  'app.kubernetes.io/managed-by': 'sail-operator',
});

/** Selectors for each way to request injection: a revision label or, for `default`, a plain label, on namespace or pod. */
export function selectorsOf(
  revision: string,
): { name: string; namespaceSelector: LabelSelector; objectSelector: LabelSelector }[] {
  const is = (key: string, ...values: string[]) => ({ key, operator: 'In', values });
  const isNot = (key: string, ...values: string[]) => ({ key, operator: 'NotIn', values });
  const absent = (key: string) => ({ key, operator: 'DoesNotExist' });
  const suffix = 'sidecar-injector.istio.io';
  const named = [
    {
      name: `rev.namespace.${suffix}`,
      namespaceSelector: { matchExpressions: [is(REVISION_LABEL, revision), absent(INJECTION_LABEL)] },
      objectSelector: { matchExpressions: [isNot(INJECT, 'false')] },
    },
    {
      name: `rev.object.${suffix}`,
      namespaceSelector: { matchExpressions: [absent(REVISION_LABEL), absent(INJECTION_LABEL)] },
      objectSelector: { matchExpressions: [isNot(INJECT, 'false'), is(REVISION_LABEL, revision)] },
    },
  ];
  if (revision !== DEFAULT_REVISION) return named;
  return [
    ...named,
    {
      name: `namespace.${suffix}`,
      namespaceSelector: { matchExpressions: [is(INJECTION_LABEL, 'enabled')] },
      objectSelector: { matchExpressions: [isNot(INJECT, 'false')] },
    },
    {
      name: `object.${suffix}`,
      namespaceSelector: { matchExpressions: [absent(INJECTION_LABEL), absent(REVISION_LABEL)] },
      objectSelector: { matchExpressions: [is(INJECT, 'true'), absent(REVISION_LABEL)] },
    },
  ];
}

/** Registers the revision's validator, and the cluster-wide one if the revision is `default`. */
export async function registerValidation(client: Client, state: Webhooks, installation: Installation): Promise<void> {
  const { revision, namespace, owner } = installation;
  const suffix = revision === DEFAULT_REVISION ? '' : `-${revision}`;
  await registerValidator(client, state, installation, `istio-validator${suffix}-${namespace}`, owner);
  if (revision === DEFAULT_REVISION) await registerDefaultValidation(client, state, installation, owner);
}

/** @param owner the revision or tag named `default`. */
export function registerDefaultValidation(
  client: Client,
  state: Webhooks,
  installation: Installation,
  owner: OwnerReference,
): Promise<void> {
  return registerValidator(client, state, installation, 'istiod-default-validator', owner);
}

/** While istiod is unavailable, nothing is refused. */
async function registerValidator(
  client: Client,
  { webhooks: server, validate }: Webhooks,
  installation: Installation,
  name: string,
  owner: OwnerReference,
): Promise<void> {
  const { revision } = installation;
  const path = `/validate/${revision}`;
  server.handle(path, async (request) => ((await answers(client, installation)) ? validate(request) : ALLOWED));
  await createOrPatch<AnyObject>(client, VALIDATING_WEBHOOKS, {
    apiVersion: VALIDATING_WEBHOOKS.apiVersion,
    kind: VALIDATING_WEBHOOKS.kind,
    metadata: {
      name,
      labels: { app: 'istiod', 'istio.io/rev': revision, 'app.kubernetes.io/managed-by': 'sail-operator' },
      ownerReferences: [owner],
    },
    webhooks: [
      {
        name: 'rev.validation.istio.io',
        clientConfig: server.clientConfig(path),
        rules: [
          {
            apiGroups: ISTIO_KINDS,
            apiVersions: ['*'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['*'],
            scope: '*',
          },
        ],
        failurePolicy: 'Fail',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  });
}

async function answers(client: Client, { revision, namespace }: Installation): Promise<boolean> {
  const istiod = await client.find(DEPLOYMENTS, istiodName(revision), namespace);
  return (istiod?.status?.availableReplicas ?? 0) > 0;
}

async function requireIstiod(client: Client, installation: Installation): Promise<void> {
  if (await answers(client, installation)) return;
  throw new Error(`no endpoints available for service "${istiodName(installation.revision)}"`);
}
