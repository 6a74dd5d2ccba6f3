/** Makes the cluster an OpenShift cluster: base CRDs, aggregated APIs, initial objects, OLM, the Service Mesh operator. */
import type { AggregatedApi, KindRules, TablePrinter } from '../api/types.ts';
import { now } from '../client/conditions.ts';
import type { Component, SandboxContext } from '../component.ts';
import { startServiceAccounts } from '../controllers/serviceaccount.ts';
import { accessApi } from './apis/access.ts';
import { buildApi } from './apis/builds.ts';
import { deploymentApi } from './apis/deployments.ts';
import { imageApi } from './apis/images.ts';
import { packageApi } from './apis/packages.ts';
import { projectApi } from './apis/projects.ts';
import { templateApi } from './apis/templates.ts';
import { userApi } from './apis/users.ts';
import { startDeploymentConfigs } from './apps/deploymentconfigs.ts';
import { DEPLOYMENT_CONFIG_PRINTER, DEPLOYMENT_CONFIG_RULES } from './apps/rules.ts';
import { createFreshObjects } from './fresh.ts';
import { type FindImage, startImageStreams } from './images/imagestreams.ts';
import { IMAGE_STREAM_PRINTER, IMAGE_STREAM_RULES } from './images/rules.ts';
import { startGatewayClassController } from './ingress-operator/gateway-classes.ts';
import { startGatewayLabeler } from './ingress-operator/gateways.ts';
import { startKialiOperator } from './kiali/operator.ts';
import { startCopies } from './olm/copies.ts';
import { startCsvs } from './olm/csvs.ts';
import { startInstallPlans } from './olm/installplans.ts';
import { startSubscriptions } from './olm/subscriptions.ts';
import { loadRelease, type Release, versionsOf } from './release.ts';
import { createRoles } from './roles.ts';
import { routeRules } from './route-rules.ts';
import { ROUTE_PRINTER, startRouteHosts } from './routes.ts';
import { startSailOperator } from './sail/operator.ts';
import { installCrds, readCrds } from './schemas.ts';
import { CONSTRAINT_PRINTER, namespaceRules, POD_RULES } from './security/admission.ts';
import { istioValidation } from './servicemesh/istio-validation.ts';
import { startServiceMeshOperator } from './servicemesh/operator.ts';
import { startWebhookServer } from './servicemesh/webhook-server.ts';

/** The functions of the API server that OpenShift uses to extend it. */
export interface OpenShiftHost {
  /** Resolves when the API answers requests. */
  aggregate(api: AggregatedApi): void | Promise<void>;
  printTable(group: string, plural: string, printer: TablePrinter): void;
  /** Adds rules to a CRD's kind beyond its schema, if the server supports them. */
  extendKind(group: string, plural: string, rules: KindRules): void;
}

const BASE_CRDS = [
  'route.openshift.io',
  'operators.coreos.com',
  'config.openshift.io',
  'monitoring.coreos.com',
  'operator.openshift.io',
  'console.openshift.io',
  'oauth.openshift.io',
  'openshift.yaml',
];
/** Since OpenShift 4.19 the Ingress Operator installs the Gateway API. */
const GATEWAY_API = { crds: 'gateway.networking.k8s.io', from: 19 };

/**
 * Resolves when the kinds are served and the initial objects exist.
 * @throws when the release is not known or the API refuses one of the objects.
 */
export async function startOpenShift(
  context: SandboxContext,
  api: OpenShiftHost,
  findImage: FindImage,
): Promise<Component> {
  const { client, settings } = context;
  const release = await loadRelease(settings.release);
  const apis = [
    projectApi(client),
    userApi(),
    packageApi(release, now()),
    accessApi(client),
    deploymentApi(client),
    imageApi(client, findImage),
    templateApi(),
    buildApi(),
  ];
  describeKinds(api, settings.appsDomain);
  const [webhooks] = await Promise.all([
    startWebhookServer((message) => context.log('webhooks', message)),
    ...apis.map((one) => api.aggregate(one)),
    ...crdFiles(release).map(async (prefix) => installCrds(client, await readCrds(prefix))),
  ]);
  await Promise.all([createFreshObjects(client, release, settings), createRoles(client, release.openshift.version)]);
  const parts = [
    startServiceAccounts(context, ['builder', 'deployer']),
    startRouteHosts(context),
    startImageStreams(context, findImage),
    startDeploymentConfigs(context),
    startSubscriptions(context, release),
    startInstallPlans(context, release),
    startCsvs(context),
    ...startCopies(context),
    ...(release.mesh === undefined ? [] : [startServiceMeshOperator(context, release.mesh, webhooks)]),
    ...(release.sail === undefined
      ? []
      : [
          startSailOperator(context, { figures: release.sail, webhooks, validate: istioValidation(settings.istiod) }),
          startKialiOperator(context),
        ]),
    ...(hasGatewayApi(release) ? [startGatewayClassController(context, release), startGatewayLabeler(context)] : []),
  ];
  return {
    name: 'openshift',
    stop: async () => {
      await Promise.all(parts.map((part) => part.stop()));
      await webhooks.stop();
    },
  };
}

/** Columns and rules of kinds that a real cluster serves from Go types and the sandbox from CRDs. */
function describeKinds(api: OpenShiftHost, appsDomain: string): void {
  api.printTable('route.openshift.io', 'routes', ROUTE_PRINTER);
  api.extendKind('route.openshift.io', 'routes', routeRules(appsDomain));
  api.extendKind('', 'namespaces', namespaceRules());
  api.extendKind('', 'pods', POD_RULES);
  api.printTable('security.openshift.io', 'securitycontextconstraints', CONSTRAINT_PRINTER);
  api.printTable('apps.openshift.io', 'deploymentconfigs', DEPLOYMENT_CONFIG_PRINTER);
  api.extendKind('apps.openshift.io', 'deploymentconfigs', DEPLOYMENT_CONFIG_RULES);
  api.printTable('image.openshift.io', 'imagestreams', IMAGE_STREAM_PRINTER);
  api.extendKind('image.openshift.io', 'imagestreams', IMAGE_STREAM_RULES);
}

function crdFiles(release: Release): readonly string[] {
  return hasGatewayApi(release) ? [...BASE_CRDS, GATEWAY_API.crds] : BASE_CRDS;
}

function hasGatewayApi(release: Release): boolean {
  return versionsOf(release).minor >= GATEWAY_API.from;
}
