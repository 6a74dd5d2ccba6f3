/** A cluster for tests, with Service Mesh 2 and the single member namespace `app`. */
import { join } from 'node:path';
import { eventually } from '../../../sandbox/controllers/fake-kubelet.ts';
import { startTestCluster, type TestCluster } from '../test-cluster.ts';

const IMAGES = [join(import.meta.dirname, 'images.yaml')];
const OPERATOR = `
apiVersion: operators.coreos.com/v1alpha1
kind: Subscription
metadata: { name: servicemeshoperator, namespace: openshift-operators }
spec: { channel: stable, name: servicemeshoperator, source: redhat-operators, sourceNamespace: openshift-marketplace }
`;

export interface TestMeshOptions {
  /** The release of Service Mesh, such as `2.0`. */
  readonly release: string;
  /** Further fields of the control plane's spec, in YAML's flow style. */
  readonly plane?: readonly string[];
}

/** Resolves when the control plane in namespace `plane` and its ingress gateway are ready. */
export async function startTestMesh(name: string, { release, plane = [] }: TestMeshOptions): Promise<TestCluster> {
  const cluster = await startTestCluster(name, { images: IMAGES, release });
  try {
    await cluster.feed(OPERATOR);
    const csv = (): Promise<string> => cluster.kubectl('get', 'csv', '-n', 'openshift-operators', '--no-headers');
    await eventually('the operator', async () => /servicemeshoperator.*Succeeded/.test(await csv()), 60_000);
    for (const namespace of ['plane', 'app']) await cluster.kubectl('create', 'namespace', namespace);
    await cluster.feed(`
apiVersion: maistra.io/v2
kind: ServiceMeshControlPlane
metadata: { name: mesh, namespace: plane }
spec: { ${[`version: v${release}`, 'tracing: { type: None }', ADDONS, ...plane].join(', ')} }
---
apiVersion: maistra.io/v1
kind: ServiceMeshMemberRoll
metadata: { name: default, namespace: plane }
spec: { members: [app] }
`);
    await cluster.kubectl(...'wait smcp/mesh -n plane --for=condition=Ready --timeout=90s'.split(' '));
    await cluster.kubectl(...'wait smmr/default -n plane --for=condition=Ready --timeout=30s'.split(' '));
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

const ADDONS = 'addons: { prometheus: { enabled: false }, kiali: { enabled: false }, grafana: { enabled: false } }';

/** A pod in the namespace `app`, with or without a proxy. @param container further fields of its only container. */
export function pod(name: string, proxy: boolean, container: string): string {
  return `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: app, labels: { app: ${name} }, annotations: { sidecar.istio.io/inject: '${proxy}' } }
spec: { terminationGracePeriodSeconds: 0, containers: [{ name: main, ${container} }] }
---`;
}

/** @param ports in YAML's flow style. */
export function service(name: string, ports: readonly string[], more = ''): string {
  return `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: app }
spec: { selector: { app: ${name} }, ports: [${ports.join(', ')}]${more} }
---`;
}
