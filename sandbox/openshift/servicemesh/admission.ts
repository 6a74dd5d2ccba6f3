/** The admission webhooks of the Service Mesh operator and istiod: configurations and handlers. */
import jsonPatch from 'fast-json-patch';
import { type Client, isOfKind } from '../../client/client.ts';
import { type AnyObject, DEPLOYMENTS, PODS } from '../../client/kinds.ts';
import { MESH_KINDS } from '../../mesh/kinds/index.ts';
import { createOrPatch, removeIfPresent } from '../create-or-patch.ts';
import { MEMBER_ROLLS, MEMBERS, MUTATING_WEBHOOKS, VALIDATING_WEBHOOKS } from '../kinds.ts';
import type { MeshFigures } from '../release.ts';
import type { Chart } from './charts/parts.ts';
import { mutateControlPlane, validateControlPlane } from './controlplane-admission.ts';
import { inject, wantsProxy } from './inject.ts';
import { mayUse } from './mesh-users.ts';
import type { OperatorState } from './operator-state.ts';
import type { AdmissionAnswer, AdmissionRequest, WebhookServer } from './webhook-server.ts';

const OPERATOR_WEBHOOKS = 'openshift-operators.servicemesh-resources.maistra.io';
const ALLOWED: AdmissionAnswer = { allowed: true };

interface Hook {
  name: string;
  path: string;
  groups: string[];
  versions: string[];
  resources: string[];
  operations: string[];
}

const MUTATING: Hook[] = [
  {
    name: 'smcp.mutation.maistra.io',
    path: '/mutate-smcp',
    groups: ['maistra.io'],
    versions: ['v1', 'v2'],
    resources: ['servicemeshcontrolplanes'],
    operations: ['CREATE', 'UPDATE'],
  },
];
const VALIDATING: Hook[] = [
  {
    name: 'smcp.validation.maistra.io',
    path: '/validate-smcp',
    groups: ['maistra.io'],
    versions: ['v1', 'v2'],
    resources: ['servicemeshcontrolplanes'],
    operations: ['CREATE', 'UPDATE'],
  },
  {
    name: 'smmr.validation.maistra.io',
    path: '/validate-smmr',
    groups: ['maistra.io'],
    versions: ['v1'],
    resources: ['servicemeshmemberrolls'],
    operations: ['CREATE', 'UPDATE'],
  },
  {
    name: 'smm.validation.maistra.io',
    path: '/validate-smm',
    groups: ['maistra.io'],
    versions: ['v1'],
    resources: ['servicemeshmembers'],
    operations: ['CREATE', 'UPDATE'],
  },
];

/** Registers the operator's own webhooks. They exist while the operator runs. */
export async function registerOperatorWebhooks(
  client: Client,
  server: WebhookServer,
  figures: MeshFigures,
): Promise<void> {
  server.handle('/mutate-smcp', (request) => mutateControlPlane(request, figures));
  server.handle('/validate-smcp', (request) => validateControlPlane(request, figures));
  server.handle('/validate-smmr', (request) => validateMemberRoll(request, client));
  server.handle('/validate-smm', (request) => validateMember(request, client));
  await createOrPatch(
    client,
    MUTATING_WEBHOOKS,
    configuration('MutatingWebhookConfiguration', OPERATOR_WEBHOOKS, MUTATING, server),
  );
  await createOrPatch(
    client,
    VALIDATING_WEBHOOKS,
    configuration('ValidatingWebhookConfiguration', OPERATOR_WEBHOOKS, VALIDATING, server),
  );
}

export async function removeOperatorWebhooks(client: Client): Promise<void> {
  await removeIfPresent(client, MUTATING_WEBHOOKS, OPERATOR_WEBHOOKS);
  await removeIfPresent(client, VALIDATING_WEBHOOKS, OPERATOR_WEBHOOKS);
}

/** Registers the sidecar injector of a control plane. It answers only while its istiod is available. */
export async function registerInjector(
  client: Client,
  server: WebhookServer,
  { mesh, namespace, figures }: Chart,
): Promise<void> {
  const path = `/inject/${namespace}/${mesh}`;
  server.handle(path, async (request) => {
    await requireIstiod(client, mesh, namespace);
    return injectPod(request, { name: mesh, namespace, figures });
  });
  const hook = {
    name: 'sidecar-injector.istio.io',
    path,
    groups: [''],
    versions: ['v1'],
    resources: ['pods'],
    operations: ['CREATE'],
  };
  const name = `istiod-${mesh}-${namespace}`;
  const config = configuration('MutatingWebhookConfiguration', name, [hook], server, {
    matchExpressions: [
      { key: 'maistra.io/member-of', operator: 'In', values: [namespace] },
      { key: 'maistra.io/ignore-namespace', operator: 'DoesNotExist' },
      { key: 'istio-injection', operator: 'NotIn', values: ['disabled'] },
      { key: 'istio-env', operator: 'DoesNotExist' },
    ],
  });
  const labels = { app: 'sidecar-injector', 'istio.io/rev': mesh, 'maistra.io/owner': namespace };
  await createOrPatch(client, MUTATING_WEBHOOKS, { ...config, metadata: { name, labels } });
}

/** Registers the validation of a control plane's kinds. While its istiod is unavailable, nothing is refused. */
export async function registerValidation(
  client: Client,
  { webhooks: server, validate }: Pick<OperatorState, 'webhooks' | 'validate'>,
  { mesh, namespace }: Pick<Chart, 'mesh' | 'namespace'>,
): Promise<void> {
  const path = `/validate/${namespace}/${mesh}`;
  server.handle(path, async (request) => {
    const istiod = await client.find(DEPLOYMENTS, `istiod-${mesh}`, namespace);
    return (istiod?.status?.availableReplicas ?? 0) === 0 ? ALLOWED : validate(request);
  });
  const hook = {
    name: 'validation.istio.io',
    path,
    groups: ['networking.istio.io', 'security.istio.io', 'telemetry.istio.io'],
    versions: ['*'],
    resources: MESH_KINDS.map(({ resource }) => resource.plural),
    operations: ['CREATE', 'UPDATE'],
  };
  const name = `istiod-${mesh}-${namespace}`;
  const config = configuration('ValidatingWebhookConfiguration', name, [hook], server, {
    matchExpressions: [{ key: 'maistra.io/member-of', operator: 'In', values: [namespace] }],
  });
  const labels = { app: 'istiod', 'istio.io/rev': mesh, 'maistra.io/owner': namespace };
  await createOrPatch(client, VALIDATING_WEBHOOKS, { ...config, metadata: { name, labels } });
}

async function requireIstiod(client: Client, mesh: string, namespace: string): Promise<void> {
  const istiod = await client.find(DEPLOYMENTS, `istiod-${mesh}`, namespace);
  if ((istiod?.status?.availableReplicas ?? 0) === 0) {
    throw new Error(`no endpoints available for service "istiod-${mesh}"`);
  }
}

export function injectPod(request: AdmissionRequest, mesh: Parameters<typeof inject>[2]): AdmissionAnswer {
  const { object: pod } = request;
  if (!isOfKind(PODS, pod)) return ALLOWED;
  const namespace = request.namespace ?? pod.metadata.namespace ?? '';
  if (!wantsProxy(pod, namespace, mesh.figures)) return ALLOWED;
  return { allowed: true, patch: jsonPatch.compare(pod, inject(pod, namespace, mesh)) };
}

export async function validateMemberRoll(
  { object, namespace }: AdmissionRequest,
  client: Client,
): Promise<AdmissionAnswer> {
  const roll = object;
  if (!isOfKind(MEMBER_ROLLS, roll) || roll.metadata.deletionTimestamp !== undefined) return ALLOWED;
  if (roll.metadata.name !== 'default')
    return { allowed: false, message: "ServiceMeshMemberRoll must be named 'default'" };
  const { items } = await client.list(MEMBER_ROLLS);
  const others = items
    .filter((other) => other.metadata.namespace !== namespace)
    .flatMap((other) => other.spec?.members ?? []);
  if (!roll.spec?.members?.some((member) => others.includes(member))) return ALLOWED;
  return { allowed: false, message: 'one or more members are already defined in another ServiceMeshMemberRoll' };
}

async function validateMember(
  { object, operation, userInfo = {} }: AdmissionRequest,
  client: Client,
): Promise<AdmissionAnswer> {
  const member = object;
  if (!isOfKind(MEMBERS, member) || member.metadata.deletionTimestamp !== undefined) return ALLOWED;
  if (member.metadata.name !== 'default')
    return { allowed: false, message: "ServiceMeshMember must be named 'default'" };
  const plane = member.spec?.controlPlaneRef;
  if (plane === undefined || operation !== 'CREATE') return ALLOWED;
  const { name: mesh, namespace } = plane;
  if (await mayUse(client, userInfo, { mesh, namespace })) return ALLOWED;
  const message = `user '${userInfo.username}' does not have permission to use ServiceMeshControlPlane ${namespace}/${mesh}`;
  return { allowed: false, message };
}

function configuration(
  kind: string,
  name: string,
  hooks: readonly Hook[],
  server: WebhookServer,
  namespaceSelector: object = {},
): AnyObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name },
    webhooks: hooks.map((hook) => ({
      name: hook.name,
      clientConfig: server.clientConfig(hook.path),
      rules: [
        {
          apiGroups: hook.groups,
          apiVersions: hook.versions,
          resources: hook.resources,
          operations: hook.operations,
          scope: 'Namespaced',
        },
      ],
      namespaceSelector,
      failurePolicy: 'Fail',
      matchPolicy: 'Exact',
      sideEffects: 'None',
      timeoutSeconds: 10,
      admissionReviewVersions: ['v1'],
    })),
  };
}
