import assert from 'node:assert/strict';
import test from 'node:test';
import { startApiServer } from '../api/index.ts';
import { Client, resource } from '../client/client.ts';
import { type AnyObject, NAMESPACES, SECRETS } from '../client/kinds.ts';
import { createFreshObjects } from './fresh.ts';
import { IMAGE_STREAMS } from './images/kinds.ts';
import { CATALOG_SOURCES, CLUSTER_OPERATORS } from './kinds.ts';
import { loadRelease } from './release.ts';
import { installCrds, readCrds } from './schemas.ts';

interface Expected {
  readonly tag: string;
  readonly networkType: string;
  readonly namespace: string;
  readonly operators: number;
}

const EXPECTED: Record<string, Expected> = {
  '2.0': { tag: 'v4.8', networkType: 'OpenShiftSDN', namespace: 'openshift-sdn', operators: 31 },
  '2.1': { tag: 'v4.9', networkType: 'OpenShiftSDN', namespace: 'openshift-sdn', operators: 32 },
  '2.4': { tag: 'v4.12', networkType: 'OVNKubernetes', namespace: 'openshift-ovn-kubernetes', operators: 33 },
  '3.0': { tag: 'v4.19', networkType: 'OVNKubernetes', namespace: 'openshift-ovn-kubernetes', operators: 34 },
};

const settings = {
  name: 'lab',
  appsDomain: 'apps.lab.test',
  nodeAddress: '10.0.128.10',
  podCidr: '10.128.0.0/14',
  serviceCidr: '172.30.0.0/16',
};

for (const [release, expected] of Object.entries(EXPECTED)) {
  test(`a new cluster of release ${release} is the OpenShift that release runs on`, async () => {
    const api = await startApiServer({ internal: { host: '127.0.0.1', port: 0 }, tokens: new Map(), ...settings });
    try {
      const client = new Client(api.url);
      for (const prefix of ['config.openshift.io', 'operator.openshift.io', 'operators.coreos.com', 'openshift.yaml'])
        await installCrds(client, await readCrds(prefix));
      await createFreshObjects(client, await loadRelease(release), settings);
      await holds(client, expected);
      await holdsWhatConsolesRead(client);
    } finally {
      await api.stop();
    }
  });
}

async function holds(client: Client, { tag, networkType, namespace, operators }: Expected): Promise<void> {
  const config = (kind: string, plural: string, name = 'cluster') =>
    client.get(
      resource<AnyObject & { status?: Record<string, unknown> }>('config.openshift.io/v1', kind, plural, 'cluster'),
      name,
    );
  const { status: network, ...networkObject } = await config('Network', 'networks');
  assert.equal(network?.['networkType'], networkType);
  assert.equal((networkObject['spec'] as { networkType: string }).networkType, networkType);
  assert.deepEqual(network?.['clusterNetwork'], [{ cidr: '10.128.0.0/14', hostPrefix: 23 }]);
  const all = (await client.list(NAMESPACES)).items.map(({ metadata }) => metadata.name);
  assert.deepEqual(
    all.filter((name) => ['openshift-sdn', 'openshift-ovn-kubernetes'].includes(name)),
    [namespace],
  );
  const { status: infrastructure } = await config('Infrastructure', 'infrastructures');
  assert.equal(infrastructure?.['apiServerInternalURI'], 'https://10.0.128.10:6443');
  assert.deepEqual(infrastructure?.['platformStatus'], { type: 'None' });
  const { status: version } = await config('ClusterVersion', 'clusterversions', 'version');
  const conditions = version?.['conditions'] as { type: string; status: string }[];
  assert.deepEqual(
    conditions.map(({ type, status }) => `${type}=${status}`),
    ['Available=True', 'Failing=False', 'Progressing=False', 'RetrievedUpdates=True'],
  );
  const catalog = await client.get(CATALOG_SOURCES, 'redhat-operators', 'openshift-marketplace');
  const { image } = catalog['spec'] as { image: string };
  assert.equal(image, `registry.redhat.io/redhat/redhat-operator-index:${tag}`);
  const { items } = await client.list(CLUSTER_OPERATORS);
  assert.equal(items.length, operators);
  for (const { metadata, status } of items) {
    const available = (status as { conditions: { type: string; status: string }[] }).conditions.find(
      ({ type }) => type === 'Available',
    );
    assert.equal(available?.status, 'True', metadata.name);
  }
}

async function holdsWhatConsolesRead(client: Client): Promise<void> {
  type Observed = AnyObject & { status?: Record<string, unknown> };
  const router = await client.get(
    resource<Observed>('operator.openshift.io/v1', 'IngressController', 'ingresscontrollers'),
    'default',
    'openshift-ingress-operator',
  );
  assert.equal(router.status?.['domain'], 'apps.lab.test');
  const dns = await client.get(resource<Observed>('config.openshift.io/v1', 'DNS', 'dnses', 'cluster'), 'cluster');
  assert.deepEqual(dns['spec'], { baseDomain: 'lab.test' });
  const hubs = resource<Observed>('config.openshift.io/v1', 'OperatorHub', 'operatorhubs', 'cluster');
  const hub = await client.get(hubs, 'cluster');
  assert.deepEqual(hub.status?.['sources'], [{ name: 'redhat-operators', disabled: false, status: 'Success' }]);
  const { type } = await client.get(SECRETS, 'pull-secret', 'openshift-config');
  assert.equal(type, 'kubernetes.io/dockerconfigjson');
  const { spec } = await client.get(IMAGE_STREAMS, 'java', 'openshift');
  assert.deepEqual(
    spec?.tags?.map(({ name, from }) => [name, from?.kind]),
    [
      ['openjdk-17-ubi8', 'DockerImage'],
      ['latest', 'ImageStreamTag'],
    ],
  );
}
