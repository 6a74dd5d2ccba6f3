/**
 * Which Service Mesh a cluster has or offers, 2 or 3, and which of its objects are in a lab's way. Up to OpenShift 4.18 a catalog
 * has both, later ones only 3.
 */

import type { ApiObject, KubernetesApi } from '../../kube/api.ts';
import { textAt } from '../../model/fields.ts';
import { type Finding, ok, problem, warning } from '../doctor/finding.ts';
import { listAll, packageManifest } from './cluster.ts';
import type { Needs } from './needs.ts';

const PACKAGES = { 2: 'servicemeshoperator', 3: 'servicemeshoperator3' } as const;
export type Edition = keyof typeof PACKAGES;

/** OpenShift's own GatewayClasses are served by its Ingress Operator, which installs Service Mesh 3 for them. */
const INGRESS_CONTROLLER = 'openshift.io/gateway-controller';
/** On the subscription that the Ingress Operator creates (openshift/cluster-ingress-operator, IngressOperatorOwnedAnnotation). */
const OWNED = 'ingress.operator.openshift.io/owned';

export interface MeshFacts {
  /** As reported by `clusterversion`; undefined if that may not be read. */
  readonly openshift: string | undefined;
  /** What the catalog has; undefined if it may not be read. */
  readonly offered: readonly Edition[] | undefined;
  readonly subscriptions: readonly ApiObject[];
  /** ServiceMeshControlPlanes, and Istio objects of Service Mesh 3. */
  readonly planes: { readonly 2: readonly ApiObject[]; readonly 3: readonly ApiObject[] };
  readonly cnis: readonly ApiObject[];
  readonly gatewayClasses: readonly ApiObject[];
}

/** Which Service Mesh a lab installs; undefined for a lab without one. */
export function editionOf({ operators }: Pick<Needs, 'operators'>): Edition | undefined {
  const packages = operators.map(({ step }) => step.package);
  if (packages.includes(PACKAGES[3])) return 3;
  return packages.includes(PACKAGES[2]) ? 2 : undefined;
}

/** @throws {ApiError} if the cluster does not answer. */
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
  return {
    openshift: textAt(versions[0], 'status', 'desired', 'version'),
    offered: two.refused || three.refused ? undefined : offered,
    subscriptions,
    planes: { 2: smcps, 3: istios },
    cnis,
    gatewayClasses,
  };
}

/**
 * @param wanted the lab's Service Mesh.
 * @param otherLab name of a lab for the other one, if there is one.
 * @param adopt whether existing objects may be used.
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
      `The Service Mesh packages in the catalog of ${title} can’t be read`,
      why,
      'use a user who may read packagemanifests',
    );
  if (offered.includes(wanted) || subscriptionTo(wanted, facts) !== undefined)
    return ok('edition', `${title} has Service Mesh ${offered.join(' and ') || wanted}; the lab uses ${wanted}`);
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
        ? 'use a cluster up to OpenShift 4.18; later ones have Service Mesh 3 only'
        : 'use OpenShift 4.14 or newer'
      : `npx labwright certify ${otherLab} --kubeconfig F`;
  return problem('edition', `${title} has Service Mesh ${other} only`, why, mend);
}

/** Both own Istio's kinds, and the webhooks of one act on the pods of the other. */
function besideFindings(wanted: Edition, facts: MeshFacts, adopt: boolean): Finding[] {
  const other: Edition = wanted === 2 ? 3 : 2;
  const plane = facts.planes[other].find((one) => !isOfIngress(one));
  const subscription = subscriptionTo(other, facts);
  const found = plane ?? (subscription !== undefined && !isOfIngress(subscription) ? subscription : undefined);
  if (found === undefined) return [];
  const where = found.metadata.namespace === undefined ? '' : ` in ${found.metadata.namespace}`;
  const what = `Service Mesh ${other} is installed already: ${found.kind} ${found.metadata.name}${where}`;
  const why = `the lab installs Service Mesh ${wanted} beside it, and both own Istio’s kinds`;
  return [
    adopt
      ? warning('beside', what, why, 'nothing, if the other mesh may be affected; a separate cluster is safer')
      : problem('beside', what, why, 'use a cluster without it, or --adopt if the other mesh may be affected'),
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
        'use a cluster that does not use OpenShift’s Gateway API',
      ),
    ];
  }
  if (subscription === undefined)
    return [
      warning(
        'ingress',
        `The GatewayClass ${gatewayClass?.metadata.name} makes the Ingress Operator subscribe to ${PACKAGES[3]}`,
        'of two subscriptions to one package, the second does nothing',
        `oc get subscription -A; oc delete gatewayclass ${gatewayClass?.metadata.name}, if nothing uses it`,
      ),
    ];
  const { name, namespace = '' } = subscription.metadata;
  const csv = String(subscription.spec?.['startingCSV'] ?? 'an unknown version');
  return [
    problem(
      'ingress',
      `The Ingress Operator owns the subscription ${name} in ${namespace}, pinned to ${csv} with manual approval`,
      'the lab would change the operator of the cluster’s own gateways; approving an InstallPlan upgrades them',
      'use a cluster without an OpenShift GatewayClass',
    ),
  ];
}

/** There can be only one, named `default`. */
function cniFindings({ cnis }: MeshFacts, adopt: boolean): Finding[] {
  return cnis.map(({ metadata, spec }) => {
    const namespace = String(spec?.['namespace'] ?? 'istio-cni');
    const what = `An IstioCNI ${metadata.name} exists already, for the namespace ${namespace}`;
    const why = 'there can be only one, and the lab creates it';
    return adopt
      ? warning('cni', `${what}; adopted, and restored afterwards`, why, 'nothing, unless it must not be touched')
      : problem('cni', what, why, `--adopt uses it and leaves it; or oc delete istiocni ${metadata.name}`);
  });
}

function subscriptionTo(edition: Edition, { subscriptions }: MeshFacts): ApiObject | undefined {
  return subscriptions.find(({ spec }) => spec?.['name'] === PACKAGES[edition]);
}

/**
 * Recognized as created by the Ingress Operator: by the annotation on its subscription, by its manager, or by the names that
 * only it uses. A person may write a subscription of the same shape, so the shape counts only if no manager is known.
 */
function isOfIngress({ kind, metadata, spec }: ApiObject): boolean {
  const { managedFields = [] } = metadata;
  if (metadata.annotations?.[OWNED] !== undefined) return true;
  if (managedFields.some(({ manager = '' }) => /ingress-operator/.test(manager))) return true;
  if (kind === 'Istio' || metadata.name === 'openshift-gateway') return metadata.name === 'openshift-gateway';
  if (managedFields.length > 0) return false;
  return (
    spec?.['installPlanApproval'] === 'Manual' && spec['name'] === PACKAGES[3] && spec['startingCSV'] !== undefined
  );
}
