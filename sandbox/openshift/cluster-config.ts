/**
 * The `cluster` objects of config.openshift.io, which describe the OpenShift cluster. Their shapes were recorded from a real
 * 4.7 cluster (openshift/insights-operator, docs/insights-archive-sample/config).
 */
import { createHash } from 'node:crypto';
import { type Client, type Resource, resource } from '../client/client.ts';
import { now } from '../client/conditions.ts';
import type { AnyObject } from '../client/kinds.ts';
import type { SandboxSettings } from '../component.ts';
import { createOrPatch, putStatus } from './create-or-patch.ts';
import { type Release, versionsOf } from './release.ts';

/** The sandbox settings that appear in these objects. */
export type ClusterSettings = Pick<SandboxSettings, 'name' | 'appsDomain' | 'nodeAddress' | 'podCidr' | 'serviceCidr'>;

/** The port of the API server inside the sandbox, which is kube-apiserver's default. */
const API_PORT = 6443;

const config = (kind: string, plural: string): Resource<AnyObject> =>
  resource('config.openshift.io/v1', kind, plural, 'cluster');

/** Resolves when all objects exist, with their status. */
export async function createClusterConfig(client: Client, release: Release, settings: ClusterSettings): Promise<void> {
  await Promise.all([
    createVersion(client, release),
    createNetwork(client, release, settings),
    createInfrastructure(client, settings),
    create(client, config('Ingress', 'ingresses'), { domain: settings.appsDomain }),
    create(client, config('Console', 'consoles'), {}),
    create(client, config('Proxy', 'proxies'), { trustedCA: { name: '' } }),
    create(client, config('DNS', 'dnses'), { baseDomain: settings.appsDomain.replace(/^apps\./, '') }),
    create(client, config('OAuth', 'oauths'), {}),
  ]);
}

function create(client: Client, of: Resource<AnyObject>, spec: object, name = 'cluster'): Promise<AnyObject> {
  return createOrPatch(client, of, { apiVersion: of.apiVersion, kind: of.kind, metadata: { name }, spec });
}

async function createVersion(client: Client, release: Release): Promise<void> {
  const of = config('ClusterVersion', 'clusterversions');
  const { version, channel } = release.openshift;
  const { tag } = versionsOf(release);
  const spec = { channel, clusterID: '00000000-0000-4000-8000-000000000000' };
  const object = await create(client, of, spec, 'version');
  const at = now();
  // Derived from the version. The sandbox does not contain Red Hat's release image.
  const digest = createHash('sha256').update(`sandbox ${version}`).digest();
  const image = `quay.io/openshift-release-dev/ocp-release@sha256:${digest.toString('hex')}`;
  const channels = ['candidate', 'fast', 'stable'].map((one) => `${one}-${tag.slice(1)}`);
  await putStatus(client, of, object, {
    observedGeneration: 1,
    versionHash: digest.subarray(0, 8).toString('base64'),
    desired: { version, image, channels },
    availableUpdates: null,
    history: [{ state: 'Completed', startedTime: at, completionTime: at, version, image, verified: false }],
    conditions: [
      { type: 'Available', status: 'True', lastTransitionTime: at, message: `Done applying ${version}` },
      { type: 'Failing', status: 'False', lastTransitionTime: at },
      { type: 'Progressing', status: 'False', lastTransitionTime: at, message: `Cluster version is ${version}` },
      { type: 'RetrievedUpdates', status: 'True', lastTransitionTime: at },
    ],
  });
}

async function createNetwork(client: Client, release: Release, settings: ClusterSettings): Promise<void> {
  const of = config('Network', 'networks');
  const { networkType } = release.openshift;
  const network = {
    clusterNetwork: [{ cidr: settings.podCidr, hostPrefix: 23 }],
    serviceNetwork: [settings.serviceCidr],
    networkType,
  };
  const object = await create(client, of, { ...network, externalIP: { policy: {} } });
  // The MTU of Ethernet (1500) less the overhead of VXLAN or Geneve.
  const clusterNetworkMTU = networkType === 'OpenShiftSDN' ? 1450 : 1400;
  await putStatus(client, of, object, { ...network, clusterNetworkMTU });
}

async function createInfrastructure(client: Client, { name, nodeAddress }: ClusterSettings): Promise<void> {
  const of = config('Infrastructure', 'infrastructures');
  const object = await create(client, of, { cloudConfig: { name: '' }, platformSpec: { type: 'None' } });
  // The API server's address inside the sandbox. There is no DNS name for it.
  const server = `https://${nodeAddress}:${API_PORT}`;
  await putStatus(client, of, object, {
    infrastructureName: name,
    platform: 'None',
    platformStatus: { type: 'None' },
    etcdDiscoveryDomain: '',
    apiServerURL: server,
    apiServerInternalURI: server,
    controlPlaneTopology: 'HighlyAvailable',
    infrastructureTopology: 'HighlyAvailable',
  });
}
