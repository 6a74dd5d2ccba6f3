/**
 * An aggregated discovery server in the state-of-the-world form (envoyproxy.io, "xDS REST and gRPC protocol").
 *
 * A proxy subscribes to types; it gets what its snapshot holds of them, in the order clusters, endpoints, listeners,
 * routes, whenever that changes. The first message that repeats the last nonce is its ACK or NACK; a further one with
 * the same nonce is a new request and must be answered, or a changed cluster warms for 15 s.
 */
import { ADS, type DiscoveryRequest, type DiscoveryStream, serveDiscovery } from './discovery.ts';
import type { Resource } from './encode.ts';
import { type Encoded, EncodedResources, versionOf } from './encoded.ts';

const TYPE = 'type.googleapis.com/envoy.config.';
export const CLUSTER = `${TYPE}cluster.v3.Cluster`;
export const ENDPOINT = `${TYPE}endpoint.v3.ClusterLoadAssignment`;
export const LISTENER = `${TYPE}listener.v3.Listener`;
const SECRET = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';
export const ROUTE = `${TYPE}route.v3.RouteConfiguration`;

/** Make before break: referenced resources come before those that refer to them. */
const ORDER = [SECRET, CLUSTER, ENDPOINT, LISTENER, ROUTE] as const;

/** The configuration of one proxy, each resource under its name. */
export interface Snapshot {
  /** Revision of the input; increases with each change. Absent if nobody asks which proxies have it. */
  readonly revision?: number;
  readonly clusters: readonly Resource[];
  readonly endpoints: readonly Resource[];
  readonly listeners: readonly Resource[];
  readonly routes: readonly Resource[];
  readonly secrets?: readonly Resource[];
}

export interface ProxyNode {
  readonly id: string;
  readonly cluster: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A proxy's answer to what it was sent last. */
export interface ProxyState {
  readonly node: ProxyNode;
  /** The revision that it was sent last. */
  readonly sent: number;
  /** The newest revision that it has accepted completely. */
  readonly acknowledged: number;
  /** Why it rejected a part of the last one. */
  readonly refusal: string | undefined;
}

export interface AdsServer {
  /** Of the proxies connected now. */
  states(): readonly ProxyState[];
  /** Something has changed: every proxy gets its new resources. Many calls at once are one push. */
  push(): void;
  stop(): Promise<void>;
}

/** Changes come in bursts (a rollout, several objects applied): a burst is one push. */
const COALESCE_MS = 5;
/** Between pushes; istiod waits as long for further changes (PILOT_DEBOUNCE_AFTER). A change after a quiet time is pushed at once. */
const SPACING_MS = 100;
/** The pause after a push is a multiple of its duration, so that pushes of a large mesh leave time for everything else. */
const REST = 2;

/**
 * @param snapshot what a proxy is to have now; undefined while nothing is known of it.
 * @param log gets refusals of proxies, and resources that can't be encoded.
 * @param onReply a proxy has answered to all that it was sent.
 * @param onGone a proxy is gone: none with its id is connected any more.
 */
export async function startAdsServer(options: {
  socket: string;
  snapshot: (node: ProxyNode) => Snapshot | undefined;
  log: (message: string) => void;
  onReply?: (state: ProxyState) => void;
  onGone?: (node: ProxyNode) => void;
}): Promise<AdsServer> {
  const proxies = new Set<ConnectedProxy>();
  const encoded = new EncodedResources();
  const stop = await serveDiscovery(options.socket, ADS, (stream) => {
    const proxy = new ConnectedProxy(stream, options.snapshot, encoded, options.log);
    proxies.add(proxy);
    const forget = (): void => {
      const node = proxies.delete(proxy) ? proxy.state?.node : undefined;
      if (node !== undefined && ![...proxies].some(({ state }) => state?.node.id === node.id)) options.onGone?.(node);
    };
    stream.on('data', (request: DiscoveryRequest) => {
      proxy.receive(request);
      if (proxy.isSettled && proxy.state !== undefined) options.onReply?.(proxy.state);
    });
    stream.on('end', () => {
      forget();
      stream.end();
    });
    stream.on('error', forget);
    stream.on('close', forget);
  });
  let timer: NodeJS.Timeout | undefined;
  let notBefore = 0;
  const pushAll = (): void => {
    timer = undefined;
    const started = performance.now();
    for (const proxy of proxies) {
      proxy.push();
      // Nothing new for it is as good as taken.
      if (proxy.isSettled && proxy.state !== undefined) options.onReply?.(proxy.state);
    }
    const ended = performance.now();
    notBefore = ended + Math.max(SPACING_MS, REST * (ended - started));
  };
  return {
    states: () => [...proxies].flatMap((proxy) => proxy.state ?? []),
    push: () => {
      timer ??= setTimeout(pushAll, Math.max(COALESCE_MS, notBefore - performance.now()));
    },
    stop: async () => {
      clearTimeout(timer);
      await stop();
    },
  };
}

interface Subscription {
  /** Undefined: all. */
  names: ReadonlySet<string> | undefined;
  nonce: string;
  /** Whether the proxy has answered to what it was sent last. */
  acknowledged: boolean;
  version: string;
  refusal: string | undefined;
}

class ConnectedProxy {
  readonly #stream: DiscoveryStream;
  readonly #snapshot: (node: ProxyNode) => Snapshot | undefined;
  readonly #log: (message: string) => void;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #encoded: EncodedResources;
  readonly #good = new Map<string, Encoded>();
  #node: ProxyNode | undefined;
  #nonces = 0;
  /** What it was pushed last. */
  #pushed: Snapshot | undefined;
  #sent = 0;
  #taken = 0;

  constructor(
    stream: DiscoveryStream,
    snapshot: (node: ProxyNode) => Snapshot | undefined,
    encoded: EncodedResources,
    log: (message: string) => void,
  ) {
    this.#encoded = encoded;
    this.#stream = stream;
    this.#snapshot = snapshot;
    this.#log = log;
  }

  receive(request: DiscoveryRequest): void {
    if (request.node !== undefined && request.node !== null && request.node.id !== '') {
      this.#node = { id: request.node.id, cluster: request.node.cluster, metadata: metadataOf(request.node.metadata) };
    }
    const subscription = this.#subscriptions.get(request.type_url) ?? {
      names: undefined,
      nonce: '',
      acknowledged: true,
      version: '',
      refusal: undefined,
    };
    this.#subscriptions.set(request.type_url, subscription);
    const names = request.resource_names.length === 0 ? undefined : new Set(request.resource_names);
    const isReply =
      request.response_nonce !== '' && request.response_nonce === subscription.nonce && !subscription.acknowledged;
    if (request.response_nonce !== '' && request.response_nonce !== subscription.nonce) return;
    const sameNames = equalSets(names, subscription.names);
    subscription.names = names;
    if (isReply) {
      subscription.acknowledged = true;
      const message = request.error_detail?.message ?? '';
      subscription.refusal = message === '' ? undefined : message;
      if (message !== '')
        this.#log(`${this.#node?.id ?? 'a proxy'} refuses ${shortType(request.type_url)}: ${message}`);
      this.#settle();
      if (sameNames) return;
    }
    subscription.version = '';
    // A newer snapshot waits for its push: one part of it, acknowledged, would pass for the whole revision.
    this.#pushed ??= this.#wanted();
    if (this.#pushed !== undefined) this.#send(request.type_url, this.#pushed);
  }

  push(): void {
    const snapshot = this.#wanted();
    if (snapshot === undefined) return;
    this.#pushed = snapshot;
    for (const type of ORDER) if (this.#subscriptions.has(type)) this.#send(type, snapshot);
    this.#settle();
  }

  /** Undefined until the proxy has identified itself. */
  get state(): ProxyState | undefined {
    if (this.#node === undefined) return undefined;
    return { node: this.#node, sent: this.#sent, acknowledged: this.#taken, refusal: this.#refusal };
  }

  /** Whether it has answered to all that it was sent. */
  get isSettled(): boolean {
    return this.#subscriptions.size > 0 && [...this.#subscriptions.values()].every(({ acknowledged }) => acknowledged);
  }

  get #refusal(): string | undefined {
    return [...this.#subscriptions.values()].find(({ refusal }) => refusal !== undefined)?.refusal;
  }

  #settle(): void {
    if (this.isSettled && this.#refusal === undefined) this.#taken = this.#sent;
  }

  #wanted(): Snapshot | undefined {
    return this.#node === undefined ? undefined : this.#snapshot(this.#node);
  }

  #send(type: string, snapshot: Snapshot): void {
    const subscription = this.#subscriptions.get(type);
    if (subscription === undefined) return;
    this.#sent = snapshot.revision ?? 0;
    const encoded = wanted(type, snapshot, subscription.names).flatMap((one) => this.#encode(one) ?? []);
    const version = versionOf(encoded);
    if (version === subscription.version) return;
    const resources = encoded.map(({ any }) => any);
    this.#nonces += 1;
    subscription.nonce = String(this.#nonces);
    subscription.version = version;
    subscription.acknowledged = false;
    subscription.refusal = undefined;
    this.#stream.write({ version_info: version, resources, type_url: type, nonce: subscription.nonce });
  }

  /** A resource that does not fit its type keeps its last valid form instead of failing the others. */
  #encode(resource: Resource): Encoded | undefined {
    const name = `${resource['@type']} ${String(resource['name'] ?? resource['cluster_name'])}`;
    try {
      const encoded = this.#encoded.of(resource);
      this.#good.set(name, encoded);
      return encoded;
    } catch (error) {
      this.#log(`${shortType(name)} can't be encoded: ${error instanceof Error ? error.message : String(error)}`);
      return this.#good.get(name);
    }
  }
}

function wanted(type: string, snapshot: Snapshot, names: ReadonlySet<string> | undefined): readonly Resource[] {
  switch (type) {
    case CLUSTER:
      return snapshot.clusters;
    case LISTENER:
      return snapshot.listeners;
    case ENDPOINT:
      return snapshot.endpoints.filter((resource) => names?.has(String(resource['cluster_name'])) ?? true);
    case SECRET:
      return (snapshot.secrets ?? []).filter((resource) => names?.has(String(resource['name'])) ?? false);
    case ROUTE:
      return snapshot.routes.filter((resource) => names?.has(String(resource['name'])) ?? true);
    default:
      return [];
  }
}

function equalSets(a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.size === b.size && [...a].every((name) => b.has(name));
}

function shortType(url: string): string {
  return url.slice(url.lastIndexOf('.') + 1);
}

/** `google.protobuf.Struct` as plain values. */
function metadataOf(struct: unknown): Record<string, unknown> {
  const fields = (struct as { fields?: Record<string, unknown> } | undefined)?.fields ?? {};
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, plain(value)]));
}

function plain(value: unknown): unknown {
  const { stringValue, numberValue, boolValue, structValue, listValue } = value as Record<string, unknown>;
  if (structValue !== undefined) return metadataOf(structValue);
  if (listValue !== undefined) return ((listValue as { values?: unknown[] }).values ?? []).map(plain);
  return stringValue ?? numberValue ?? boolValue ?? null;
}
