/**
 * Commands that the real oc 4.22 has and this one does not, each with an alternative. None is imitated: a command that does
 * something else than it says is worse than a missing one.
 */

const BUILDS = 'images are not built here: build them elsewhere and name them in a Deployment';
const DEPLOYMENT_CONFIGS = 'use a Deployment and `oc rollout`';
const NODE = 'there is no shell on a node here: `oc describe node NAME` and `oc logs` show what is known about it';
const BY_FILE = 'write the object into a file and use `oc apply -f`';
const IMAGES = '`oc create deployment NAME --image=…` uses an image directly';

/** By the first words of the command; the longest match counts. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  [
    'new-app',
    '`oc create deployment NAME --image=…`, `oc expose deployment NAME --port=…` and `oc expose service NAME` do the same step by step',
  ],
  ['new-build', BUILDS],
  ['start-build', BUILDS],
  ['cancel-build', BUILDS],
  ['create build', BUILDS],
  ['import-image', IMAGES],
  ['tag', IMAGES],
  ['image', IMAGES],
  ['registry', IMAGES],
  ['rollback', DEPLOYMENT_CONFIGS],
  ['rollout latest', DEPLOYMENT_CONFIGS],
  ['rollout retry', DEPLOYMENT_CONFIGS],
  ['rollout cancel', DEPLOYMENT_CONFIGS],
  ['create deploymentconfig', DEPLOYMENT_CONFIGS],
  ['create dc', DEPLOYMENT_CONFIGS],
  ['debug', `${NODE}; for a pod use \`oc rsh POD\``],
  ['debug node', NODE],
  ['rsync', 'use `oc cp`'],
  ['idle', 'use `oc scale --replicas=0`'],
  ['observe', 'use `oc get … --watch`'],
  ['secrets', 'name the Secret in the service account: `oc patch serviceaccount NAME -p …`'],
  ['sa', 'use `oc create token NAME`'],
  ['serviceaccounts', 'use `oc create token NAME`'],
  ['get-token', 'use `oc whoami -t`'],
  ['request-project', 'use `oc new-project`'],
  ['edit-all', BY_FILE],
  ['create imagestream', IMAGES],
  ['create is', IMAGES],
  ['create imagestreamtag', IMAGES],
  ['create istag', IMAGES],
  ['create user', 'users come with the cluster'],
  ['create identity', 'users come with the cluster'],
  ['create useridentitymapping', 'users come with the cluster'],
  ['create clusterresourcequota', BY_FILE],
  ['set probe', BY_FILE],
  ['set volume', BY_FILE],
  ['set volumes', BY_FILE],
  ['set data', 'use `oc create configmap NAME --from-literal=… --dry-run=client -o yaml | oc apply -f -`'],
  ['set triggers', DEPLOYMENT_CONFIGS],
  ['set deployment-hook', DEPLOYMENT_CONFIGS],
  ['set build-hook', BUILDS],
  ['set build-secret', BUILDS],
  ['set image-lookup', IMAGES],
  [
    'adm must-gather',
    '`oc get`, `oc describe` and `oc logs` show what is known; in the sandbox, `sandbox up --json` names its log',
  ],
  ['adm inspect', '`oc get … -o yaml`, `oc describe` and `oc logs` show what is known'],
  ['adm node-logs', NODE],
  ['adm new-project', 'use `oc new-project`'],
  ['adm groups', BY_FILE],
  ['adm upgrade', 'the version of this cluster is in `oc get clusterversion`'],
  ['adm release', 'the version of this cluster is in `oc get clusterversion`'],
  ['adm prune', 'use `oc delete`'],
  ['adm migrate', BY_FILE],
  ['adm pod-network', 'use a NetworkPolicy'],
  ['adm wait-for-stable-cluster', 'use `oc wait clusteroperators --all --for=condition=Available`'],
  ['adm', '`oc adm policy`, `drain`, `cordon`, `uncordon`, `taint` and `certificate` are here'],
]);

/** @param words the command as typed, without options. @returns the message; undefined if the command is not listed. */
export function refusalOf(words: readonly string[]): string | undefined {
  for (const length of [2, 1]) {
    const command = words
      .slice(0, length)
      .join(' ')
      .replace(/^debug (node|no|nodes)(\/.*)?$/, 'debug node');
    const way = words.length < length ? undefined : REFUSED.get(command);
    if (way === undefined) continue;
    const shown = command === 'adm' ? words.slice(0, 2).join(' ') : command;
    return `this oc stands in for the real one and does not have \`oc ${shown}\`: ${way}`;
  }
  return undefined;
}
