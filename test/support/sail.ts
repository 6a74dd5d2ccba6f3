/** An OpenShift in this process with the operator of Service Mesh 3, one per test file. */
import type { Client, KubeObject, Resource } from '../../sandbox/client/client.ts';
import { condition } from '../../sandbox/client/conditions.ts';
import { NAMESPACES } from '../../sandbox/client/kinds.ts';
import { eventually } from '../../sandbox/controllers/fake-kubelet.ts';
import { SUBSCRIPTIONS } from '../../sandbox/openshift/kinds.ts';
import { ISTIOS, type SailStatus } from '../../sandbox/openshift/sail/kinds.ts';
import { startTestOpenShift, type TestOpenShift } from './openshift.ts';

type SailObject = KubeObject & { status?: SailStatus };

let openshift: TestOpenShift | undefined;
let client: Client;

/** Starts OpenShift with the operator of Service Mesh 3. */
export async function startSail(): Promise<Client> {
  openshift = await startTestOpenShift('3.4');
  client = openshift.client;
  await create(SUBSCRIPTIONS, 'servicemeshoperator3', {
    namespace: 'openshift-operators',
    spec: {
      name: 'servicemeshoperator3',
      channel: 'stable',
      source: 'redhat-operators',
      sourceNamespace: 'openshift-marketplace',
    },
  });
  await eventually('the operator', async () => (await client.list(ISTIOS).catch(() => undefined)) !== undefined);
  for (const name of ['istio-system', 'istio-cni', 'ztunnel', 'apps']) await create(NAMESPACES, name);
  return client;
}

export async function stopSail(): Promise<void> {
  await openshift?.stop();
}

export async function create(
  of: Resource,
  name: string,
  {
    namespace,
    labels,
    spec,
    ...more
  }: { namespace?: string; labels?: Record<string, string>; spec?: object; status?: object } = {},
): Promise<void> {
  const metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(labels === undefined ? {} : { labels }),
  };
  await client.create(of, {
    apiVersion: of.apiVersion,
    kind: of.kind,
    metadata,
    ...(spec && { spec }),
    ...more,
  } as KubeObject);
}

export const statusOf = async (of: Resource, name: string): Promise<SailStatus | undefined> =>
  ((await client.find(of, name)) as SailObject | undefined)?.status;

/** Resolves with a condition as `Status Reason: message` once the object is in that state. */
export const told = (of: Resource, name: string, state: string, type = 'Reconciled'): Promise<string> =>
  eventually(`${name} ${state}`, async () => {
    const status = await statusOf(of, name);
    const one = condition(status?.conditions, type);
    return status?.state === state && one && `${one.status} ${one.reason ?? ''}: ${one.message ?? ''}`;
  });

export const inUse = (of: Resource, name: string, wanted: string): Promise<unknown> =>
  eventually(`${name} in use: ${wanted}`, async () => {
    return condition((await statusOf(of, name))?.conditions, 'InUse')?.status === wanted;
  });
