/** What a rule asks for and this control plane does not do, said on the rule's own status instead of ignored. */

import type { KubeObject } from '../client/client.ts';
import type { Informer } from '../client/informer.ts';
import type { Component, SandboxContext } from '../component.ts';
import { refusal } from './kinds/index.ts';
import type { AuthorizationPolicy } from './model/authorization-policy.ts';
import type { ServiceEntry } from './model/service-entry.ts';
import { type Sidecar, unhonouredInSidecar } from './model/sidecar.ts';
import type {
  DestinationRule,
  Gateway,
  GatewayServer,
  PeerAuthentication,
  VirtualService,
} from './model/virtual-service.ts';
import { reporter } from './status.ts';

interface Followed {
  readonly virtualServices: Informer<VirtualService>;
  readonly destinationRules: Informer<DestinationRule>;
  readonly gateways: Informer<Gateway>;
  readonly peerAuthentications: Informer<PeerAuthentication>;
  readonly sidecars: Informer<Sidecar>;
  readonly serviceEntries: Informer<ServiceEntry>;
  readonly authorizationPolicies: Informer<AuthorizationPolicy>;
}

export function reportUnhonoured(context: SandboxContext, followed: Followed): Component {
  const refused =
    <T extends KubeObject>(judge: (object: T) => string | undefined) =>
    (object: T): string | undefined =>
      refusal(object) ?? judge(object);
  const parts = [
    reporter(context, followed.virtualServices, refused(unhonouredInVirtualService)),
    reporter(context, followed.gateways, refused(unhonouredInGateway)),
    reporter(context, followed.destinationRules, refused(unhonouredInDestinationRule)),
    reporter(context, followed.peerAuthentications, refusal),
    reporter(context, followed.serviceEntries, refusal),
    reporter(context, followed.sidecars, unhonouredInSidecar),
    reporter(context, followed.authorizationPolicies, refused(unhonouredInAuthorizationPolicy)),
  ];
  return { name: 'mesh honesty', stop: async () => void (await Promise.all(parts.map((part) => part.stop()))) };
}

export function unhonouredInVirtualService({ spec }: VirtualService): string | undefined {
  const inMesh = (spec.gateways ?? ['mesh']).includes('mesh');
  if ((spec.tls ?? []).length > 0 && inMesh) return 'tls routes are honoured at gateways only by the sandbox';
  return undefined;
}

export function unhonouredInGateway({ spec }: Gateway): string | undefined {
  const server = spec.servers.find(({ tls }) => tls !== undefined && !isHonoured(tls));
  if (server === undefined) return undefined;
  const where = `server ${server.port.name ?? server.port.number}`;
  return server.tls?.mode === 'AUTO_PASSTHROUGH'
    ? `${where}: tls mode AUTO_PASSTHROUGH is not honoured by the sandbox`
    : `${where}: certificates come from a Secret named by credentialName; files in the proxy are not honoured by the sandbox`;
}

function isHonoured({ mode = 'SIMPLE', httpsRedirect, credentialName }: NonNullable<GatewayServer['tls']>): boolean {
  if (mode === 'PASSTHROUGH' || mode === 'ISTIO_MUTUAL' || httpsRedirect === true) return true;
  return mode !== 'AUTO_PASSTHROUGH' && credentialName !== undefined;
}

export function unhonouredInDestinationRule({ spec }: DestinationRule): string | undefined {
  const policies = [spec.trafficPolicy, ...(spec.subsets ?? []).map(({ trafficPolicy }) => trafficPolicy)];
  const levels = policies.flatMap((policy) => [policy, ...(policy?.portLevelSettings ?? [])]);
  const files = levels.some(
    (policy) =>
      policy?.tls?.credentialName === undefined &&
      (policy?.tls?.mode === 'MUTUAL' || policy?.tls?.caCertificates !== undefined),
  );
  return files
    ? 'tls: certificates come from a Secret named by credentialName; files in the proxy are not honoured by the sandbox (MUTUAL shows none)'
    : undefined;
}

export function unhonouredInAuthorizationPolicy({ spec }: AuthorizationPolicy): string | undefined {
  return spec?.action === 'CUSTOM'
    ? `action CUSTOM: the sandbox knows no provider ${spec.provider?.name ?? ''}, so what these rules match is refused`
    : undefined;
}
