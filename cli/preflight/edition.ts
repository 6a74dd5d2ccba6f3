/**
 * Which Service Mesh a cluster has or is offered, 2 or 3, and what of it stands in a lab's way. Up to OpenShift 4.18 a catalog
 * has both, later ones have only 3.
 */
import type { ApiObject, KubernetesApi } from '../../kube/api.ts';
import { type Finding, ok, problem, warning } from '../doctor/finding.ts';
import { listAll, packageManifest } from './cluster.ts';
import type { Needs } from './needs.ts';

const PACKAGES = { 2: 'servicemeshoperator', 3: 'servicemeshoperator3' } as const;
export type Edition = keyof typeof PACKAGES;

/** OpenShift's own GatewayClasses are served by its Ingress Operator, which installs Service Mesh 3 for them. */
const INGRESS_CONTROLLER = 'openshift.io/gateway-controller';

export interface MeshFacts {
  /** As `clusterversion` tells it; undefined where that may not be read. */
  readonly openshift: string | undefined;
  /** What the catalog has; undefined where it may not be asked. */
  readonly offered: readonly Edition[] | undefined;
  readonly subscriptions: readonly ApiObject[];
  /** ServiceMeshControlPlanes, and Istio objects of Service Mesh 3. */
  readonly planes: { readonly 2: readonly ApiObject[]; readonly 3: readonly ApiObject[] };
  readonly cnis: readonly ApiObject[];
  readonly gatewayClasses: readonly ApiObject[];
}

/** The edition that a lab installs; undefined for a lab without a Service Mesh. */
export function editionOf({ operators }: Pick<Needs, 'operators'>): Edition | undefined {
  const packages = operators.map(({ step }) => step.package);
  if (packages.includes(PACKAGES[3])) return 3;
  return packages.includes(PACKAGES[2]) ? 2 : undefined;
}

/** @throws {ApiError} when the cluster does not answer. */
export async function meshFacts(api: KubernetesApi): Promise<MeshFacts> {
  const [versions, two, three, subscriptions, smcps, istios, cnis, gatewayClasses] = await Promise.all([
    listAll(api, 'config.openshift.io/v1', 'clusterversions'),
    packageManifest(api, PACKAGES[2]),
    packageManifest(api, PACKAGES[3]),
    listAll(api, 'operators.coreos.com/v1alpha1', 'subscriptions'),
    listAll(api, 'maistra.io/v2', 'servicemeshcontrolplanes'),
    listAll(api, 'sailoperator.io/v1', 'istios'),
    listAll(api, 'sailoperator.io/v1', 'istiocnis'),
    listAll(api, 'gateway.networking.k8s.io/v1', 'gatewayclasses'),
  ]);
  const offered: Edition[] = [
    ...(two.found === undefined ? [] : [2 as const]),
    ...(three.found === undefined ? [] : [3 as const]),
  ];
  const desired = versions[0]?.status?.['desired'] as { readonly version?: string } | undefined;
  return {
    openshift: desired?.version,
    offered: two.refused || three.refused ? undefined : offered,
    subscriptions,
    planes: { 2: smcps, 3: istios },
    cnis,
    gatewayClasses,
  };
}

/**
 * @param wanted the lab's edition. @param otherLab name of a lab for the other edition, where there is one.
 * @param adopt whether what is on the cluster may be used.
 */
export function editionFindings(
  wanted: Edition,
  facts: MeshFacts,
  { otherLab, adopt }: { readonly otherLab: string | undefined; readonly adopt: boolean },
): readonly Finding[] {
  return [
    offeredFinding(wanted, facts, otherLab),
    ...besideFindings(wanted, facts, adopt),
    ...ingressFindings(wanted, facts),
    ...(wanted === 3 ? cniFindings(facts, adopt) : []),
  ];
}

function offeredFinding(wanted: Edition, facts: MeshFacts, otherLab: string | undefined): Finding {
  const { offered, openshift = 'unknown' } = facts;
  const title = `OpenShift ${openshift}`;
  const why = `the lab teaches Service Mesh ${wanted}`;
  if (offered === undefined)
    return warning(
      'edition',
      `Which Service Mesh the catalog has can’t be asked on ${title}`,
      why,
      'a user who may read packagemanifests',
    );
  if (offered.includes(wanted) || subscriptionTo(wanted, facts) !== undefined)
    return ok('edition', `${title} has Service Mesh ${offered.join(' and ') || wanted}; the lab takes ${wanted}`);
  const [other] = offered;
  if (other === undefined)
    return problem(
      'edition',
      `The catalog of ${title} has no Service Mesh`,
      why,
      'oc get catalogsources -n openshift-marketplace',
    );
  const mend =
    otherLab === undefined
      ? wanted === 2
        ? 'a cluster up to OpenShift 4.18: later ones have Service Mesh 3 only'
        : 'a cluster from OpenShift 4.14 on'
      : `npx labwright certify ${otherLab} --kubeconfig F`;
  return problem('edition', `${title} has Service Mesh ${other} only`, why, mend);
}

/** Both keep Istio's own kinds, and the webhooks of one see the pods of the other. */
function besideFindings(wanted: Edition, facts: MeshFacts, adopt: boolean): Finding[] {
  const other: Edition = wanted === 2 ? 3 : 2;
  const plane = facts.planes[other].find((one) => !isOfIngress(one));
  const subscription = subscriptionTo(other, facts);
  const found = plane ?? (subscription !== undefined && !isOfIngress(subscription) ? subscription : undefined);
  if (found === undefined) return [];
  const where = found.metadata.namespace === undefined ? '' : ` in ${found.metadata.namespace}`;
  const what = `Service Mesh ${other} is here already: ${found.kind} ${found.metadata.name}${where}`;
  const why = `the lab installs Service Mesh ${wanted} beside it, and both keep Istio’s kinds`;
  return [
    adopt
      ? warning('beside', what, why, 'nothing, if the other mesh may notice: a cluster of the lab’s own is quieter')
      : problem('beside', what, why, 'a cluster without it, or --adopt if the other mesh may notice'),
  ];
}

function ingressFindings(wanted: Edition, facts: MeshFacts): Finding[] {
  const gatewayClass = facts.gatewayClasses.find(({ spec }) =>
    String(spec?.['controllerName'] ?? '').startsWith(INGRESS_CONTROLLER),
  );
  const subscription = facts.subscriptions.find((one) => one.spec?.['name'] === PACKAGES[3] && isOfIngress(one));
  if (subscription === undefined && gatewayClass === undefined) return [];
  if (wanted === 2) {
    const what =
      gatewayClass === undefined
        ? 'The Ingress Operator has installed Service Mesh 3 for Gateway API'
        : `The GatewayClass ${gatewayClass.metadata.name} makes the Ingress Operator install Service Mesh 3`;
    return [
      problem(
        'ingress',
        what,
        'a subscription to Service Mesh 2 blocks it, and degrades the cluster operator ingress',
        'a cluster that does not use Gateway API of OpenShift',
      ),
    ];
  }
  if (subscription === undefined)
    return [
      warning(
        'ingress',
        `The GatewayClass ${gatewayClass?.metadata.name} makes the Ingress Operator subscribe to ${PACKAGES[3]} by itself`,
        'two subscriptions to one package: the one that comes second does nothing',
        `oc get subscription -A; oc delete gatewayclass ${gatewayClass?.metadata.name}, if nothing uses it`,
      ),
    ];
  const { name, namespace = '' } = subscription.metadata;
  const csv = String(subscription.spec?.['startingCSV'] ?? 'a version of its own');
  return [
    problem(
      'ingress',
      `The Ingress Operator owns the subscription ${name} in ${namespace}, held at ${csv} with manual approval`,
      'the lab would change what the cluster’s own gateways run on; approving an InstallPlan upgrades them',
      'a cluster without a GatewayClass of OpenShift',
    ),
  ];
}

/** There can be one only, named `default`. */
function cniFindings({ cnis }: MeshFacts, adopt: boolean): Finding[] {
  return cnis.map(({ metadata, spec }) => {
    const namespace = String(spec?.['namespace'] ?? 'istio-cni');
    const what = `An IstioCNI ${metadata.name} is here already, for the namespace ${namespace}`;
    const why = 'there can be one only, and the lab makes it';
    return adopt
      ? warning('cni', `${what}; adopted, and put back afterwards`, why, 'nothing, unless you want it untouched')
      : problem('cni', what, why, `--adopt uses it and leaves it; or oc delete istiocni ${metadata.name}`);
  });
}

function subscriptionTo(edition: Edition, { subscriptions }: MeshFacts): ApiObject | undefined {
  return subscriptions.find(({ spec }) => spec?.['name'] === PACKAGES[edition]);
}

/** Made by the Ingress Operator: its manager says so, or the names that it alone uses. */
function isOfIngress({ kind, metadata, spec }: ApiObject): boolean {
  const { managedFields = [] } = metadata as { readonly managedFields?: readonly { readonly manager?: string }[] };
  if (managedFields.some(({ manager = '' }) => /ingress-operator/.test(manager))) return true;
  if (kind === 'Istio' || metadata.name === 'openshift-gateway') return metadata.name === 'openshift-gateway';
  return (
    spec?.['installPlanApproval'] === 'Manual' && spec['name'] === PACKAGES[3] && spec['startingCSV'] !== undefined
  );
}
