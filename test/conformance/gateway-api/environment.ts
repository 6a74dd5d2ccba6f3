/** A Service Mesh 3 mesh with a Gateway of the class `istio`, run by the sandbox's control plane or by a real istiod. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { type Client, connect, type KubeObject, type Resource } from '../../../sandbox/client/client.ts';
import { PODS, type Pod } from '../../../sandbox/client/kinds.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/index.ts';
import { Caller } from '../mesh/environment/caller.ts';
import type { Question, RawAnswer } from '../mesh/environment/question.ts';
import type { From } from './case.ts';
import { HTTP_ROUTES, ISTIOS, KUBE_GATEWAYS, type KubeGateway, kindOf, SUBSCRIPTIONS } from './kinds.ts';

const IMAGES = join(import.meta.dirname, '..', 'mesh', 'environment', 'images.yaml');
const TIMEOUT_MS = 120_000;
const MARKER = 'marker.test';

export class GatewayEnvironment implements AsyncDisposable {
  readonly client: Client;
  readonly #sandbox: Sandbox;
  readonly #callers: Readonly<Record<From, Caller>>;
  #turn = 0;

  private constructor(sandbox: Sandbox, client: Client) {
    this.#sandbox = sandbox;
    this.client = client;
    const caller = (pod: string, namespace: string): Caller => new Caller(sandbox.kubeconfig, pod, namespace);
    this.#callers = {
      caller: caller('caller', 'shop'),
      neighbour: caller('neighbour', 'market'),
      stranger: caller('stranger', 'shop'),
    };
  }

  /** Resolves when all pods are ready and the Gateway is programmed. */
  static async open(mesh: 'ours' | 'real'): Promise<GatewayEnvironment> {
    const sandbox = await startSandbox({
      name: `gateway-api-${mesh}`,
      images: [IMAGES],
      release: '3.3',
      controlPlane: { api: 'ours', mesh },
    });
    const client = connect({ ...sandbox, url: sandbox.server });
    try {
      await applyFile(client, 'operator.yaml');
      await until(client, SUBSCRIPTIONS, (all) => all.some(({ status }) => status?.state === 'AtLatestKnown'));
      await applyFile(client, 'mesh.yaml');
      await until(client, ISTIOS, (all) => all.some(({ status }) => status?.state === 'Healthy'));
      await applyFile(client, 'world.yaml');
      for (const namespace of ['shop', 'market']) await until(client, PODS, (pods) => pods.every(isReady), namespace);
      await until(client, KUBE_GATEWAYS, (all) => all.every(isProgrammed), 'shop');
      return new GatewayEnvironment(sandbox, client);
    } catch (error) {
      await sandbox.stop();
      throw error;
    }
  }

  ask(from: From, question: Question): Promise<RawAnswer> {
    return this.#callers[from].ask(question);
  }

  /** Resolves when the Gateway's proxy serves a route created now, and therefore all earlier ones. */
  async settle(): Promise<void> {
    this.#turn += 1;
    const word = `turn-${this.#turn}.test`;
    const redirect = { type: 'RequestRedirect', requestRedirect: { hostname: word } };
    const spec = {
      parentRefs: [{ name: 'gate', sectionName: 'http' }],
      hostnames: [MARKER],
      rules: [{ filters: [redirect] }],
    };
    const route = {
      apiVersion: HTTP_ROUTES.apiVersion,
      kind: HTTP_ROUTES.kind,
      metadata: { name: 'marker', namespace: 'shop' },
      spec,
    };
    const there = await this.client.find(HTTP_ROUTES, 'marker', 'shop');
    if (there === undefined) await this.client.create(HTTP_ROUTES, route);
    else await this.client.patch(HTTP_ROUTES, 'marker', 'shop', { spec });
    const end = Date.now() + TIMEOUT_MS;
    for (;;) {
      const answer = await this.ask('stranger', { url: `http://${MARKER}/`, at: 'gate-istio.shop.svc.cluster.local' });
      if (String(answer.headers?.['location']).includes(word)) return;
      if (Date.now() > end) throw new Error(`the Gateway does not follow ${word}: ${JSON.stringify(answer)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const caller of Object.values(this.#callers)) caller.stop();
    await this.#sandbox.stop();
  }
}

async function applyFile(client: Client, name: string): Promise<void> {
  const text = await readFile(join(import.meta.dirname, name), 'utf8');
  for (const object of loadAll(text) as KubeObject[]) await client.create(kindOf(object), object);
}

async function until<T extends KubeObject>(
  client: Client,
  of: Resource<T>,
  holds: (objects: readonly T[]) => boolean,
  namespace?: string,
): Promise<void> {
  const end = Date.now() + TIMEOUT_MS;
  for (;;) {
    const { items } = await client.list(of, namespace === undefined ? {} : { namespace });
    if (items.length > 0 && holds(items)) return;
    if (Date.now() > end) throw new Error(`timed out waiting for ${of.kind}: ${JSON.stringify(items)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
}

function isProgrammed({ status }: KubeGateway): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Programmed' && is === 'True') ?? false;
}
