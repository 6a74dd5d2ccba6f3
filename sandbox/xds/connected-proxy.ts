/** One proxy's stream: its subscriptions, what it was sent, and which of that it has accepted. */
import { at, fields, listAt } from '../../model/fields.ts';
import type { DiscoveryRequest, DiscoveryStream } from './discovery.ts';
import type { Resource } from './encode.ts';
import { type Encoded, type EncodedResources, versionOf } from './encoded.ts';
import { ORDER, type ProxyNode, type ProxyState, type Snapshot, wanted } from './snapshot.ts';

interface Subscription {
  /** Undefined: all. */
  names: ReadonlySet<string> | undefined;
  nonce: string;
  /** Whether the proxy has answered to what it was sent last. */
  acknowledged: boolean;
  version: string;
  refusal: string | undefined;
}

export class ConnectedProxy {
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

function equalSets(a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.size === b.size && [...a].every((name) => b.has(name));
}

function shortType(url: string): string {
  return url.slice(url.lastIndexOf('.') + 1);
}

/** `google.protobuf.Struct` as plain values. */
function metadataOf(struct: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields(at(struct, 'fields'))).map(([key, value]) => [key, plain(value)]));
}

function plain(value: unknown): unknown {
  const { stringValue, numberValue, boolValue, structValue, listValue } = fields(value);
  if (structValue !== undefined) return metadataOf(structValue);
  if (listValue !== undefined) return listAt(listValue, 'values').map(plain);
  return stringValue ?? numberValue ?? boolValue ?? null;
}
