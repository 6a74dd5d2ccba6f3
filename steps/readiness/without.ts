/** Kinds that hold data or rules: nothing in them ever says that they are ready. */

const NAMES_BY_GROUP: Readonly<Record<string, string>> = {
  '': 'configmap configmaps cm secret secrets serviceaccount serviceaccounts sa limitrange limitranges limits event events ev podtemplate podtemplates',
  apps: 'controllerrevision controllerrevisions',
  'rbac.authorization.k8s.io':
    'role roles rolebinding rolebindings clusterrole clusterroles clusterrolebinding clusterrolebindings',
  'authorization.openshift.io': 'role rolebinding clusterrole clusterrolebinding',
  'coordination.k8s.io': 'lease leases',
  'networking.k8s.io': 'networkpolicy networkpolicies netpol ingressclass ingressclasses',
  'storage.k8s.io': 'storageclass storageclasses sc csidriver csidrivers',
  'scheduling.k8s.io': 'priorityclass priorityclasses pc',
  'node.k8s.io': 'runtimeclass runtimeclasses',
  'admissionregistration.k8s.io':
    'mutatingwebhookconfiguration mutatingwebhookconfigurations validatingwebhookconfiguration validatingwebhookconfigurations',
  'template.openshift.io': 'template templates',
  'build.openshift.io': 'buildconfig buildconfigs bc',
  'user.openshift.io': 'user users group groups identity identities',
  'security.openshift.io': 'securitycontextconstraints scc',
  'networking.istio.io':
    'virtualservice virtualservices vs destinationrule destinationrules dr serviceentry serviceentries se sidecar sidecars workloadentry workloadentries we workloadgroup workloadgroups wg envoyfilter envoyfilters proxyconfig proxyconfigs',
  'security.istio.io':
    'peerauthentication peerauthentications pa requestauthentication requestauthentications ra authorizationpolicy authorizationpolicies ap',
  'telemetry.istio.io': 'telemetry telemetries',
  'extensions.istio.io': 'wasmplugin wasmplugins',
  'gateway.networking.k8s.io': 'referencegrant referencegrants refgrant',
};

const GROUPS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(NAMES_BY_GROUP).map(([group, names]) => [group, new Set(names.split(' '))]),
);

/**
 * @param name in lower case, as people type it.
 * @param group of the API; any if absent.
 */
export function isWithoutReadiness(name: string, group?: string): boolean {
  if (group !== undefined)
    return GROUPS.get(group)?.has(name) === true || (group === 'networking.istio.io' && name === 'gateway');
  return [...GROUPS.values()].some((names) => names.has(name));
}
