/**
 * OpenShift's Gateway API: for a GatewayClass of its controller, the Ingress Operator installs Service Mesh 3 and an istiod
 * in openshift-ingress (openshift/cluster-ingress-operator, pkg/operator/controller/gatewayclass, release-4.19 to 4.21).
 */
import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import { withCondition } from '../../client/conditions.ts';
import { canonical } from '../../client/hash.ts';
import { keyOf } from '../../client/informer.ts';
import { type Condition, CRDS, DEPLOYMENTS, type Deployment } from '../../client/kinds.ts';
import { GATEWAY_CLASSES, type GatewayClass, OPENSHIFT_CONTROLLER } from '../../mesh/model/gateway-api.ts';
import { createOrPatch, putStatus } from '../create-or-patch.ts';
import { CATALOG, CATALOG_NAMESPACE, OPERATORS_NAMESPACE } from '../fresh.ts';
import { INSTALL_PLANS, type InstallPlan, SUBSCRIPTIONS, type Subscription } from '../kinds.ts';
import type { Release } from '../release.ts';
import { ISTIOS } from '../sail/kinds.ts';
import { gatewayIstio, ISTIOD, OPERAND_NAMESPACE } from './istio.ts';

const PACKAGE = 'servicemeshoperator3';
const CHANNEL = 'stable';
const OWNED = 'ingress.operator.openshift.io/owned';
const CRD_OF_ISTIO = `${ISTIOS.plural}.sailoperator.io`;

/** The versions to install. A real Ingress Operator has them compiled in. Here they are those of the release. */
interface Pinned {
  readonly csv: string;
  readonly istio: string;
}

export function startGatewayClassController(context: ControllerContext, release: Release): RunningController {
  const { client, informers } = context;
  const pinned = pinnedBy(release);
  const classes = (): GatewayClass[] => informers.of(GATEWAY_CLASSES).list().filter(isOpenShifts);
  const all = (): string[] => classes().map(keyOf);
  return controllerFor(context, 'gatewayclass_controller', GATEWAY_CLASSES, {
    when: ({ object }) => isOpenShifts(object),
  })
    .watches(SUBSCRIPTIONS, all, { when: ({ object }) => object.metadata.name === PACKAGE })
    .watches(INSTALL_PLANS, all, { when: ({ object }) => awaitsApproval(object) })
    .watches(CRDS, all, { when: ({ object }) => object.metadata.name === CRD_OF_ISTIO })
    .watches(DEPLOYMENTS, all, { when: ({ object }) => object.metadata.name === ISTIOD })
    .reconciles(async (gatewayClass) => {
      const [oldest] = classes().sort(byAge);
      if (oldest === undefined || pinned === undefined) return;
      // The Ingress Operator also takes over an existing Subscription.
      const subscription = await createOrPatch<Subscription>(client, SUBSCRIPTIONS, subscriptionTo(pinned.csv));
      for (const plan of informers.of(INSTALL_PLANS).list(OPERATORS_NAMESPACE))
        if (awaitsApproval(plan) && isFor(plan, subscription, pinned.csv))
          await client.patch(INSTALL_PLANS, plan.metadata.name, OPERATORS_NAMESPACE, { spec: { approved: true } });
      if (informers.of(CRDS).get(CRD_OF_ISTIO) === undefined) return;
      await createOrPatch(client, ISTIOS, gatewayIstio(oldest, pinned.istio));
      const istiod = informers.of(DEPLOYMENTS).get(`${OPERAND_NAMESPACE}/${ISTIOD}`);
      if (isAvailable(istiod)) await accept(gatewayClass);
    });

  /** Accepts the class, as the installed istiod does. */
  async function accept(gatewayClass: GatewayClass): Promise<void> {
    const { metadata, status } = gatewayClass;
    const accepted: Condition & { observedGeneration: number } = {
      type: 'Accepted',
      status: 'True',
      reason: 'Accepted',
      message: 'Handled by Istio controller',
      observedGeneration: metadata.generation ?? 1,
    };
    const conditions = withCondition(status?.conditions ?? [], accepted);
    if (canonical(conditions) !== canonical(status?.conditions ?? []))
      await putStatus(client, GATEWAY_CLASSES, gatewayClass, { conditions });
  }
}

function isOpenShifts({ metadata, spec }: GatewayClass): boolean {
  return spec.controllerName === OPENSHIFT_CONTROLLER && metadata.name !== 'istio';
}

function pinnedBy({ packages, sail }: Release): Pinned | undefined {
  const csv = packages.find(({ name }) => name === PACKAGE)?.channels[CHANNEL]?.at(-1);
  return csv === undefined || sail === undefined ? undefined : { csv, istio: sail.default };
}

function subscriptionTo(csv: string): Subscription {
  return {
    apiVersion: SUBSCRIPTIONS.apiVersion,
    kind: SUBSCRIPTIONS.kind,
    metadata: { name: PACKAGE, namespace: OPERATORS_NAMESPACE, annotations: { [OWNED]: '' } },
    spec: {
      channel: CHANNEL,
      installPlanApproval: 'Manual',
      name: PACKAGE,
      source: CATALOG,
      sourceNamespace: CATALOG_NAMESPACE,
      startingCSV: csv,
    },
  };
}

function awaitsApproval({ spec, status }: InstallPlan): boolean {
  return !spec.approved && status?.phase === 'RequiresApproval';
}

function isFor({ metadata, spec }: InstallPlan, subscription: Subscription, csv: string): boolean {
  const isOwned = metadata.ownerReferences?.some(({ uid }) => uid === subscription.metadata.uid) === true;
  return isOwned && spec.clusterServiceVersionNames.includes(csv);
}

function isAvailable(istiod: Deployment | undefined): boolean {
  return (istiod?.status?.availableReplicas ?? 0) > 0;
}

function byAge({ metadata: one }: GatewayClass, { metadata: other }: GatewayClass): number {
  return (one.creationTimestamp ?? '').localeCompare(other.creationTimestamp ?? '');
}
