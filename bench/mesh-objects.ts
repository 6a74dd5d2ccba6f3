/** The objects of a mesh of any size: a control plane, pods with sidecars, Services, a gateway and one rule. */
import type { JsonValue, Position } from '../model/lab.ts';
import type { ApplyStep } from '../steps/apply.ts';
import { playOnCluster } from '../steps/index.ts';
import type { ReadyStep } from '../steps/ready.ts';
import { type Bench, NAMESPACE } from './sandbox.ts';

type Manifest = { readonly [key: string]: JsonValue };

export interface Size {
  readonly pods: number;
  readonly services: number;
}

const PLANE = 'growth-plane';
const ISTIO = 'networking.istio.io/v1beta1';
const at: Position = { file: 'bench', line: 1, column: 1 };
const step = { at, title: 'bench', yaml: '' };

/** Resolves when the mesh has its member and the gateway answers by its rule. */
export async function installMesh(bench: Bench): Promise<void> {
  const marketplace = { source: 'redhat-operators', sourceNamespace: 'openshift-marketplace' };
  await apply(
    bench,
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: PLANE } },
    {
      apiVersion: 'operators.coreos.com/v1alpha1',
      kind: 'Subscription',
      metadata: { name: 'servicemeshoperator', namespace: 'openshift-operators' },
      spec: { channel: 'stable', name: 'servicemeshoperator', ...marketplace },
    },
  );
  await until(
    bench,
    'subscription',
    'servicemeshoperator',
    'openshift-operators',
    'object.status.state == "AtLatestKnown"',
  );
  const plane = { metadata: { name: 'basic', namespace: PLANE } };
  await apply(
    bench,
    {
      apiVersion: 'maistra.io/v2',
      kind: 'ServiceMeshControlPlane',
      ...plane,
      spec: { version: 'v2.0', tracing: { type: 'None' }, addons: off('prometheus', 'kiali', 'grafana') },
    },
    {
      apiVersion: 'maistra.io/v1',
      kind: 'ServiceMeshMemberRoll',
      metadata: { name: 'default', namespace: PLANE },
      spec: { members: [NAMESPACE] },
    },
  );
  const isReady = 'object.status.conditions.exists(c, c.type == "Ready" && c.status == "True")';
  await until(bench, 'servicemeshcontrolplane', 'basic', PLANE, isReady);
  await until(bench, 'servicemeshmemberroll', 'default', PLANE, 'object.status.configuredMembers.size() == 1');
  await apply(bench, gateway());
  await rule(bench, 418);
}

/** Resolves when this many pods are ready and their Services have endpoints. */
export async function resize(bench: Bench, { pods, services }: Size): Promise<void> {
  await apply(bench, deployment(pods));
  const counts =
    pods === 0
      ? '!has(object.status.replicas)'
      : `has(object.status.readyReplicas) && object.status.readyReplicas == ${pods} && object.status.replicas == ${pods}`;
  await until(
    bench,
    'deployment',
    'growth',
    NAMESPACE,
    `object.status.observedGeneration == object.metadata.generation && (${counts})`,
  );
  const kind = await bench.kind('service');
  const { items } = await bench.api.list(kind, { namespace: NAMESPACE }, new AbortController().signal);
  const extra = items.map(({ metadata }) => metadata.name).filter((name) => Number(name.split('-')[1]) >= services);
  for (const name of extra) await bench.api.delete(kind, name, NAMESPACE);
  const missing = Array.from({ length: services }, (_, index) => index).filter((index) => index >= items.length);
  for (const index of missing) await apply(bench, service(index));
}

/** Makes the gateway answer with this status. */
export async function rule(bench: Bench, status: number): Promise<void> {
  const abort = { httpStatus: status, percentage: { value: 100 } };
  const route = [{ destination: { host: 'growth-0', port: { number: 80 } } }];
  await apply(bench, {
    apiVersion: ISTIO,
    kind: 'VirtualService',
    metadata: { name: 'growth', namespace: NAMESPACE },
    spec: { hosts: ['growth.example'], gateways: ['growth'], http: [{ fault: { abort }, route }] },
  });
}

function off(...names: readonly string[]): Manifest {
  return Object.fromEntries(names.map((name) => [name, { enabled: false }]));
}

function gateway(): Manifest {
  const servers = [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['growth.example'] }];
  const spec = { selector: { istio: 'ingressgateway' }, servers };
  return { apiVersion: ISTIO, kind: 'Gateway', metadata: { name: 'growth', namespace: NAMESPACE }, spec };
}

function deployment(replicas: number): Manifest {
  const labels = { app: 'growth' };
  const metadata = { labels, annotations: { 'sidecar.istio.io/inject': 'true' } };
  const containers = [{ name: 'store', image: 'redis:6', ports: [{ containerPort: 6379 }] }];
  const spec = { replicas, selector: { matchLabels: labels }, template: { metadata, spec: { containers } } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'growth', namespace: NAMESPACE }, spec };
}

function service(index: number): Manifest {
  const spec = { selector: { app: 'growth' }, ports: [{ name: 'http', port: 80, targetPort: 6379 }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: `growth-${index}`, namespace: NAMESPACE }, spec };
}

async function apply({ context }: Bench, ...objects: readonly Manifest[]): Promise<void> {
  const applied: ApplyStep = { ...step, verb: 'apply', manifests: objects.map((object) => ({ object, at })) };
  await playOnCluster(applied, context);
}

async function until({ context }: Bench, kind: string, name: string, namespace: string, cel: string): Promise<void> {
  const objects = [{ kind, name, namespace }];
  const ready: ReadyStep = { ...step, verb: 'ready', target: { objects }, until: cel, within: 120_000 };
  await playOnCluster(ready, context);
}
