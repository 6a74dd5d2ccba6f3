/** A small mesh of real proxies, run by the sandbox's control plane or by a real istiod, for applying rules and sending requests. */
import { join } from 'node:path';
import type { KubeObject } from '../../../../sandbox/client/client.ts';
import { type Sandbox, startSandbox } from '../../../../sandbox/index.ts';
import { Caller } from './caller.ts';
import { Cluster, isReady, isReconciled } from './cluster.ts';
import type { Question, RawAnswer } from './question.ts';

const IMAGES = join(import.meta.dirname, 'images.yaml');
const NETWORKING = 'networking.istio.io/v1beta1';
const TIMEOUT_MS = 20_000;
export const GATEWAY = 'istio-ingressgateway.plane.svc.cluster.local';

/** Where requests come from: two pods in the mesh, a pod without a proxy, and that same pod through the gateway (`outside`). */
export type From = 'caller' | 'neighbour' | 'stranger' | 'outside';

export class MeshEnvironment implements AsyncDisposable {
  readonly cluster: Cluster;
  readonly #sandbox: Sandbox;
  readonly #callers: Readonly<Record<Exclude<From, 'outside'>, Caller>>;
  /** Counts the markers. */
  #turn = 0;
  addresses: ReadonlyMap<string, string> = new Map();

  private constructor(sandbox: Sandbox, cluster: Cluster) {
    this.#sandbox = sandbox;
    this.cluster = cluster;
    const caller = (pod: string, namespace: string): Caller => new Caller(sandbox.kubeconfig, pod, namespace);
    this.#callers = {
      caller: caller('caller', 'alpha'),
      neighbour: caller('neighbour', 'beta'),
      stranger: caller('stranger', 'alpha'),
    };
  }

  /** Resolves when all pods are ready and the gateway has its configuration. */
  static async open(mesh: 'ours' | 'real'): Promise<MeshEnvironment> {
    const sandbox = await startSandbox({
      name: `mesh-${mesh}`,
      images: [IMAGES],
      // The first release of Service Mesh whose istiod always detects a port's protocol, as current ones do.
      release: '2.6',
      controlPlane: { api: 'ours', mesh },
    });
    try {
      const cluster = new Cluster(sandbox);
      await cluster.applyFile('mesh.yaml');
      await cluster.until('Subscription', 'openshift-operators', (all) => all[0]?.status?.state === 'AtLatestKnown');
      await cluster.applyFile('plane.yaml');
      await cluster.until('ServiceMeshMemberRoll', 'plane', (all) => all[0]?.status?.configuredMembers?.length === 2);
      await cluster.until('ServiceMeshControlPlane', 'plane', (all) => all.some(isReady));
      await cluster.applyFile('app.yaml');
      for (const namespace of ['alpha', 'beta', 'outer'])
        await cluster.until('Pod', namespace, (pods) => pods.length > 0 && pods.every(isReady));
      const environment = new MeshEnvironment(sandbox, cluster);
      environment.addresses = await cluster.addresses();
      await cluster.create(markerGateway());
      return environment;
    } catch (error) {
      await sandbox.stop();
      throw error;
    }
  }

  ask(from: From, question: Question): Promise<RawAnswer> {
    if (from !== 'outside') return this.#callers[from].ask(question);
    return this.#callers.stranger.ask({ at: GATEWAY, ...question });
  }

  /** Resolves when the status of each rule says that the proxies have it. A Gateway has such a status only when it is invalid. */
  async arrived(rules: readonly KubeObject[]): Promise<void> {
    for (const { kind, metadata } of rules) {
      if (kind === 'Gateway') continue;
      await this.cluster.until(kind, metadata.namespace ?? '', (all) =>
        all.some((one) => one.metadata.name === metadata.name && isReconciled(one)),
      );
    }
  }

  /** Resolves when the callers' proxies and the gateway apply a rule created now, and therefore all earlier ones. */
  async settle(): Promise<void> {
    this.#turn += 1;
    const word = `turn ${this.#turn}`;
    await this.cluster.put(marker(word));
    const reached = (from: From, url: string): Promise<void> => this.#until(from, url, word);
    await Promise.all([
      reached('caller', 'http://marker.alpha.svc.cluster.local/'),
      reached('neighbour', 'http://marker.alpha.svc.cluster.local/'),
      reached('outside', 'http://marker.conformance/'),
    ]);
  }

  async #until(from: From, url: string, word: string): Promise<void> {
    const end = Date.now() + TIMEOUT_MS;
    for (;;) {
      const answer = await this.ask(from, { url });
      if (answer.body === word) return;
      if (Date.now() > end) throw new Error(`${from} does not see the rule ${word}: ${JSON.stringify(answer)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const caller of Object.values(this.#callers)) caller.stop();
    await this.#sandbox.stop();
  }
}

function markerGateway(): KubeObject {
  const servers = [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['marker.conformance'] }];
  return istio('Gateway', 'marker', { selector: { istio: 'ingressgateway' }, servers });
}

function marker(word: string): KubeObject {
  const http = [{ directResponse: { status: 200, body: { string: word } } }];
  const hosts = ['marker', 'marker.conformance'];
  return istio('VirtualService', 'marker', { hosts, gateways: ['mesh', 'marker'], http });
}

function istio(kind: string, name: string, spec: object): KubeObject {
  const metadata = { name, namespace: 'alpha' };
  return Object.assign({ apiVersion: NETWORKING, kind, metadata }, { spec });
}
