/** istiod's controllers for the Gateway API: its GatewayClasses, and the proxies of Gateways. */
import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import { keyOf } from '../../client/informer.ts';
import { CRDS, DEPLOYMENTS, type Deployment, NAMESPACES } from '../../client/kinds.ts';
import {
  controllerOfGateway,
  GATEWAY_CLASSES,
  type GatewayClass,
  ISTIO_CONTROLLER,
  isManaged,
  KUBE_GATEWAYS,
  type KubeGateway,
} from '../../mesh/model/gateway-api.ts';
import { createOrPatch, resourceOf } from '../create-or-patch.ts';
import { isTrue } from './conditions.ts';
import { gatewayWorkload } from './gateway-workload.ts';
import { installationOf } from './installation.ts';
import { ISTIO_REVISIONS, type IstioRevision, REVISION_TAGS } from './kinds.ts';
import { DEFAULT_REVISION, REVISION_LABEL } from './references.ts';
import type { SailState } from './state.ts';

const CLASSES: readonly (readonly [name: string, controller: string, description: string])[] = [
  ['istio', ISTIO_CONTROLLER, 'The default Istio GatewayClass'],
  ['istio-remote', 'istio.io/unmanaged-gateway', 'Remote to this cluster. Does not deploy or affect configuration.'],
];
const SWITCH = 'PILOT_ENABLE_GATEWAY_API_GATEWAYCLASS_CONTROLLER';
const CRD_OF_CLASSES = `${GATEWAY_CLASSES.plural}.gateway.networking.k8s.io`;

/** Creates an istiod's missing GatewayClasses once their kind is served. */
export function startGatewayClasses(context: ControllerContext): RunningController {
  const { client, informers } = context;
  return controllerFor(context, 'istio-gateway-classes', DEPLOYMENTS, { when: ({ object }) => isIstiod(object) })
    .watches(CRDS, () => informers.of(DEPLOYMENTS).list().filter(isIstiod).map(keyOf), {
      when: ({ object }) => object.metadata.name === CRD_OF_CLASSES,
    })
    .reconciles(async (istiod) => {
      const isServed = informers.of(CRDS).get(CRD_OF_CLASSES) !== undefined;
      if (!isServed || !makesClasses(istiod) || (istiod.status?.availableReplicas ?? 0) === 0) return;
      for (const [name, controllerName, description] of CLASSES) {
        const { apiVersion, kind } = GATEWAY_CLASSES;
        if ((await client.find(GATEWAY_CLASSES, name)) === undefined)
          await createOrPatch<GatewayClass>(client, GATEWAY_CLASSES, {
            apiVersion,
            kind,
            metadata: { name },
            spec: { controllerName, description },
          });
      }
    });
}

function isIstiod({ metadata }: Deployment): boolean {
  return metadata.labels?.['app'] === 'istiod' && metadata.labels['app.kubernetes.io/managed-by'] === 'sail-operator';
}

function makesClasses({ spec }: Deployment): boolean {
  const environment = spec.template.spec.containers.flatMap(({ env }) => env ?? []);
  return !environment.some(({ name, value }) => name === SWITCH && value === 'false');
}

/** Maintains a Deployment and a Service for every Gateway whose class its istiod serves. */
export function startGatewayWorkloads(context: ControllerContext, { figures }: SailState): RunningController {
  const { client, informers } = context;
  const all = (): string[] => informers.of(KUBE_GATEWAYS).list().map(keyOf);
  return (
    controllerFor(context, 'istio-gateway-deployments', KUBE_GATEWAYS)
      .watches(GATEWAY_CLASSES, all)
      .watches(ISTIO_REVISIONS, all, {
        when: ({ object, before }) =>
          isTrue(object.status, 'Ready') !== isTrue(before?.status, 'Ready') ||
          object.metadata.generation !== before?.metadata.generation,
      })
      .watches(DEPLOYMENTS, ({ object }) =>
        (object.metadata.ownerReferences ?? [])
          .filter(({ kind }) => kind === KUBE_GATEWAYS.kind)
          .map(({ name }) => `${object.metadata.namespace}/${name}`),
      )
      // When a tag or namespace changes to another revision, its Gateways' proxies follow.
      .watches(REVISION_TAGS, all, {
        when: ({ object, before }) => object.status?.istioRevision !== before?.status?.istioRevision,
      })
      .watches(NAMESPACES, all, {
        when: ({ object, before }) =>
          object.metadata.labels?.[REVISION_LABEL] !== before?.metadata.labels?.[REVISION_LABEL],
      })
      .reconciles(async (gateway) => {
        const controller = controllerOfGateway(gateway, informers.of(GATEWAY_CLASSES).list());
        if (controller === undefined || !isManaged(gateway)) return;
        const revision = revisionFor(gateway, context);
        if (revision === undefined || !isTrue(revision.status, 'Ready') || controllerOfIstiod(revision) !== controller)
          return;
        const installation = installationOf(revision, figures);
        for (const object of gatewayWorkload(gateway, installation))
          await createOrPatch(client, resourceOf(object), object);
      })
  );
}

/** The controller name in the classes that an istiod serves. */
function controllerOfIstiod({ spec }: IstioRevision): string {
  return spec.values?.pilot?.env?.['PILOT_GATEWAY_API_CONTROLLER_NAME'] ?? ISTIO_CONTROLLER;
}

/** The revision in the label of the Gateway or its namespace, by revision or tag name; without labels, `default`. */
function revisionFor({ metadata }: KubeGateway, { informers }: ControllerContext): IstioRevision | undefined {
  const labels = informers.of(NAMESPACES).get(metadata.namespace ?? '')?.metadata.labels;
  const name = metadata.labels?.[REVISION_LABEL] ?? labels?.[REVISION_LABEL] ?? DEFAULT_REVISION;
  const revisions = informers.of(ISTIO_REVISIONS);
  return revisions.get(name) ?? revisions.get(informers.of(REVISION_TAGS).get(name)?.status?.istioRevision ?? '');
}
