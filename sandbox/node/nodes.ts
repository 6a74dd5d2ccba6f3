/** The Node objects: as many workers as configured, all on this machine. */

import { at, text } from '../../model/fields.ts';
import { ApiError } from '../client/client.ts';
import type { SandboxContext } from '../component.ts';
import { NODES, type Node, timestamp } from './kinds.ts';
import { nodeAddresses } from './network.ts';

/** The port of the kubelet's API, as on a real node. */
export const KUBELET_PORT = 10_250;

/** The size of the simulated machines, which is typical for a lab cluster. It does not depend on this machine. */
const CAPACITY = { cpu: '8', memory: '32Gi', 'ephemeral-storage': '120Gi', pods: '250' };
const ALLOCATABLE = { cpu: '7500m', memory: '31Gi', 'ephemeral-storage': '110Gi', pods: '250' };

const KERNEL = '4.18.0-305.el8.x86_64';

/** The settings needed to register nodes: the node agent has them in its own process. */
type Registering = Pick<SandboxContext, 'client' | 'settings' | 'log'>;

export async function registerNodes(context: Registering): Promise<void> {
  const { settings } = context;
  const version = text(at(await context.client.request('GET', '/version'), 'gitVersion'));
  const addresses = nodeAddresses(settings);
  await Promise.all(
    settings.nodes.map((name, index) => register(context, name, addresses[index] ?? '', version, index)),
  );
}

async function register(
  context: Registering,
  name: string,
  address: string,
  version: string,
  index: number,
): Promise<void> {
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'node-role.kubernetes.io/worker': '',
        'node.openshift.io/os_id': 'rhcos',
      },
    },
    spec: { podCIDR: nodePodCidr(context.settings.podCidr, index), providerID: `labwright://sandbox/${name}` },
  };
  try {
    await context.client.create<Node>(NODES, node);
  } catch (error) {
    if (!(error instanceof ApiError && error.reason === 'AlreadyExists')) throw error;
  }
  await context.client.patch(
    NODES,
    name,
    undefined,
    { status: statusOf(name, address, version) },
    { subresource: 'status' },
  );
}

function statusOf(name: string, address: string, version: string): Record<string, unknown> {
  return {
    capacity: CAPACITY,
    allocatable: ALLOCATABLE,
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: KUBELET_PORT } },
    conditions: [
      condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
    ],
    nodeInfo: {
      architecture: 'amd64',
      operatingSystem: 'linux',
      osImage: 'Red Hat Enterprise Linux CoreOS (imitated by the Labwright sandbox)',
      kernelVersion: KERNEL,
      kubeletVersion: version,
      kubeProxyVersion: version,
      containerRuntimeVersion: 'labwright://1',
      machineID: name,
      systemUUID: name,
      bootID: name,
    },
  };
}

function condition(type: string, status: string, reason: string, message: string) {
  const now = timestamp();
  return { type, status, reason, message, lastHeartbeatTime: now, lastTransitionTime: now };
}

/** Each node has a /23 of the pod network, as on OpenShift: `10.128.0.0/23`, `10.128.2.0/23`, … */
export function nodePodCidr(podCidr: string, index: number): string {
  const [a = '10', b = '128'] = podCidr.split('.');
  return `${a}.${b}.${index * 2}.0/23`;
}

/** Addresses of pods, assigned in order and reused only after all others, so that a name does not soon point to another pod. */
export class Addresses {
  readonly #used = new Set<string>();
  readonly #next = new Map<number, number>();
  readonly #podCidr: string;

  constructor(podCidr: string) {
    this.#podCidr = podCidr;
  }

  /** @throws if all 508 addresses of the node are in use. */
  take(node: number): string {
    const [a, b, c] = nodePodCidr(this.#podCidr, node).split('.').map(Number);
    for (let tries = 0; tries < 508; tries += 1) {
      // .0 and .1 belong to the network itself on a real node.
      const offset = 2 + (((this.#next.get(node) ?? 0) + tries) % 508);
      const address = `${a}.${b}.${(c ?? 0) + (offset >> 8)}.${offset & 255}`;
      if (this.#used.has(address)) continue;
      this.#used.add(address);
      this.#next.set(node, offset - 1);
      return address;
    }
    throw new Error(`all pod addresses of node ${node} are in use`);
  }

  release(address: string): void {
    this.#used.delete(address);
  }
}
