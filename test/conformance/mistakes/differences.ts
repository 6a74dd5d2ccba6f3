/** Where a refusal differs from the real server's, and why. By kind and mistake. */
const WORDS = "refused by both; the words are of Go's or cel-go's parser";
const MORE = 'refused by both; the real server adds a cause that follows from the first';
const CRD = 'apiextensions-k8s-io-v1-customresourcedefinition';
const GO = "refused by both; the real server prints the versions as Go's own structs";

export const KNOWN: Readonly<Record<string, string>> = {
  "v1-secret: a registry's login that is no JSON": WORDS,
  'v1-persistentvolumeclaim: a mode as text': WORDS,
  'v1-resourcequota: unknown resource': MORE,
  'v1-limitrange: a default above the greatest': MORE,
  'rbac-authorization-k8s-io-v1-rolebinding: no role': 'ours also names the group, which the real server fills in',
  'rbac-authorization-k8s-io-v1-clusterrole: invalid selector': MORE,
  [`${CRD}: no version stored`]: GO,
  [`${CRD}: two versions stored`]: GO,
  [`${CRD}: the same version twice`]: GO,
  [`${CRD}: a version with an invalid name`]: MORE,
  [`${CRD}: CEL that does not parse`]: WORDS,
  'admissionregistration-k8s-io-v1-validatingadmissionpolicy: CEL that does not parse': WORDS,
  'admissionregistration-k8s-io-v1-mutatingwebhookconfiguration: unreadable condition': WORDS,
  'v1-service: an address that is none': 'refused by both, at another path',
  'v1-pod: another kind of the version': WORDS,
  'v1-pod: another version of the kind': WORDS,
  'v1-pod: an unknown field of the pod': 'ours is accepted: the fields of downward API volumes are not checked',
  'apps-v1-deployment: no template': 'refused by both; ours adds causes for what is missing in the template',
  'autoscaling-v2-horizontalpodautoscaler: a lower bound of zero': MORE,
};
