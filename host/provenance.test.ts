import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServedKind } from '../kube/types.ts';
import { imitatedPartsOf, resourcesNamed } from './provenance.ts';

test('the resources that a command reads are found in its arguments', () => {
  const cases: readonly [string, readonly string[]][] = [
    ['oc get smcp -n istio-system', ['smcp']],
    ['oc -n istio-system get smcp/basic', ['smcp']],
    ['oc get pods,svc -l app=web', ['pods', 'svc']],
    ['export H=$(oc get route -n istio-system -o jsonpath={.items[0].spec.host})', ['route']],
    ['kubectl get nodes | grep worker', ['nodes']],
    ['oc version', ['clusterversions']],
    ['oc wait --for=condition=Ready smcp/basic', ['smcp']],
    ['oc create -f smcp.yaml', []],
    ['echo get nodes', []],
  ];
  for (const [command, named] of cases) assert.deepEqual(resourcesNamed(command), named, command);
});

test('a step that reads imitated state is marked, and one that reads the app is not', async () => {
  const served: Record<string, ServedKind> = {
    smcp: {
      apiVersion: 'maistra.io/v2',
      kind: 'ServiceMeshControlPlane',
      plural: 'servicemeshcontrolplanes',
      namespaced: true,
    },
    pods: { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true },
    nodes: { apiVersion: 'v1', kind: 'Node', plural: 'nodes', namespaced: false },
  };
  const api = { resolve: async (kind: string) => served[kind], resolveObject: async () => undefined };
  const parts = (command: string) =>
    imitatedPartsOf([{ kind: 'command', command, exit: 0, stdout: '', stderr: '', directory: '.', attempts: 1 }], api);
  assert.match((await parts('oc get smcp')).join(), /Service Mesh operator is imitated/);
  assert.match((await parts('kubectl get nodes')).join(), /constants/);
  assert.deepEqual(await parts('oc get pods'), []);
});
