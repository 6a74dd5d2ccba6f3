/** Resolves routes' destinations to clusters and policies, as seen by the proxy for which a route is generated. */
import type { TrafficPolicy } from '../model/destination-rule.ts';
import { outboundCluster, qualify } from '../model/names.ts';
import type { ListenerContext } from '../model/proxy-context.ts';
import type { PushContext } from '../model/push-context.ts';
import type { IstioRelease } from '../model/release.ts';
import type { Destination } from '../model/virtual-service.ts';
import { policyFor } from './clusters.ts';

export interface Destinations {
  readonly release: IstioRelease;
  /** The port at which requests arrive. */
  readonly listenerPort: number;
  /** Name of the cluster. */
  cluster(destination: Destination): string;
  /** From the destination's rule. */
  policy(destination: Destination): TrafficPolicy | undefined;
}

/** @param namespace of the rule with these destinations: short hosts belong to it. */
export function destinationsFor(push: PushContext, namespace: string, listener: ListenerContext): Destinations {
  const resolve = (destination: Destination): { host: string; port: number } => {
    const host = qualify(destination.host, namespace);
    const ports = push.service(host)?.spec.ports ?? [];
    const only = ports.length === 1 ? ports[0]?.port : undefined;
    return { host, port: destination.port?.number ?? only ?? listener.port };
  };
  return {
    release: push.release,
    listenerPort: listener.port,
    cluster: (destination) => {
      const { host, port } = resolve(destination);
      return outboundCluster(port, destination.subset ?? '', host);
    },
    policy: (destination) => {
      const { host, port } = resolve(destination);
      const found = push.port(host, port);
      if (found === undefined) return undefined;
      const rule = push.destinationRules.find(host, found.namespace, listener.proxy);
      const subset = rule?.spec.subsets?.find(({ name }) => name === destination.subset);
      return policyFor(rule, subset?.trafficPolicy, found);
    },
  };
}
