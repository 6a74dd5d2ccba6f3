/**
 * An aggregated discovery server in the state-of-the-world form (envoyproxy.io, "xDS REST and gRPC protocol").
 *
 * A proxy subscribes to types; it gets what its snapshot holds of them, in the order clusters, endpoints, listeners,
 * routes, whenever that changes. The first message that repeats the last nonce is its ACK or NACK; a further one with
 * the same nonce is a new request and must be answered, or a changed cluster warms for 15 s.
 */
import { ConnectedProxy } from './connected-proxy.ts';
import { ADS, type DiscoveryRequest, serveDiscovery } from './discovery.ts';
import { EncodedResources } from './encoded.ts';
import type { ProxyNode, ProxyState, Snapshot } from './snapshot.ts';

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
 * @param snapshot the resources that a proxy should have now; undefined while nothing is known of it.
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
