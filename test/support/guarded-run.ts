/**
 * A run on somebody else's cluster that a test kills: runs commands through a guard and prints each before it starts. Arguments:
 * kubeconfig, folder of the reports, id of the run.
 */

import { startGuard } from '../../guard/guard.ts';
import { Connection } from '../../kube/connection.ts';
import { kubectl } from './foreign.ts';

const [kubeconfig = '', reports = '', id = ''] = process.argv.slice(2);
const declared = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: 'prices',
  namespace: 'shop',
  reason: 'the guide says so',
};
const guard = await startGuard({
  connection: await Connection.open(kubeconfig),
  directory: reports,
  reports,
  run: { id, lab: 'a-lab', holder: 'student@desk' },
  adopt: false,
  declaredChanges: [declared],
  log: (line) => console.error(line),
});

const job = JSON.stringify({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { generateName: 'made-up-', namespace: 'shop' },
});
const SUBSCRIPTION = JSON.stringify({
  apiVersion: 'operators.coreos.com/v1alpha1',
  kind: 'Subscription',
  metadata: { name: 'kiali-ossm', namespace: 'openshift-operators' },
  spec: { name: 'kiali-ossm', channel: 'stable', source: 'redhat-operators', sourceNamespace: 'openshift-marketplace' },
});

const COMMANDS: readonly (readonly [string, string?])[] = [
  ['create namespace fair'],
  ['create -f -', SUBSCRIPTION],
  ['create deployment stall -n fair --image=harbour.test/crane:1'],
  ['create configmap ours -n shop --from-literal=a=1'],
  ['create -f -', job],
  ['patch configmap prices -n shop --type=merge -p {"data":{"tea":"9"}}'],
  ['create service clusterip stall -n fair --tcp=80:8080'],
  ['create -f -', job],
  ['label configmap prices -n shop of=lab'],
  ['create clusterrole fairgoer --verb=get --resource=pods'],
  ['delete configmap ours -n shop'],
  ['create configmap ours -n shop --from-literal=a=2'],
  ['scale deployment stall -n fair --replicas=2'],
  ['create namespace market'],
  ['create secret generic key -n market --from-literal=a=b'],
];
for (const [command, input] of COMMANDS) {
  console.log(command);
  const { exit, out } = await kubectl(guard.kubeconfig, command.split(' '), input);
  if (exit !== 0) console.error(out);
}
console.log('played');
await guard.stop();
process.exit(0);
