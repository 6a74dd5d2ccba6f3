/** What a rule asks for and this control plane does not do, said on the rule's own status instead of ignored. */
import type { Component, SandboxContext } from '../component.ts';
import type { KubeObject } from '../runtime/client.ts';
import { Controller } from '../runtime/controller.ts';
import type { Informer } from '../runtime/informer.ts';
import { isPlainHttp } from './gateway.ts';
import type { DestinationRule, Gateway, PeerAuthentication, VirtualService } from './kinds.ts';
import type { AuthorizationPolicy } from './security-kinds.ts';
import { refusal } from './validation.ts';

interface Followed {
  readonly virtualServices: Informer<VirtualService>;
  readonly destinationRules: Informer<DestinationRule>;
  readonly gateways: Informer<Gateway>;
  readonly peerAuthentications: Informer<PeerAuthentication>;
  readonly authorizationPolicies: Informer<AuthorizationPolicy>;
}

export function reportUnhonoured(context: SandboxContext, followed: Followed): Component {
  const parts = [
    reporter(context, followed.virtualServices, unhonouredInVirtualService),
    reporter(context, followed.gateways, unhonouredInGateway),
    reporter(context, followed.destinationRules, unhonouredInDestinationRule),
    reporter(context, followed.peerAuthentications, () => undefined),
    reporter(context, followed.authorizationPolicies, unhonouredInAuthorizationPolicy),
  ];
  return { name: 'mesh honesty', stop: async () => void (await Promise.all(parts.map((part) => part.stop()))) };
}

export function unhonouredInVirtualService({ spec }: VirtualService): string | undefined {
  if ((spec.tls ?? []).length > 0) return 'tls routes are not honoured by the sandbox';
  return undefined;
}

export function unhonouredInGateway({ spec }: Gateway): string | undefined {
  const server = spec.servers.find((candidate) => !isPlainHttp(candidate));
  return server === undefined
    ? undefined
    : `server ${server.port.name ?? server.port.number}: only plain HTTP servers are honoured by the sandbox`;
}

export function unhonouredInDestinationRule({ spec }: DestinationRule): string | undefined {
  const modes = [spec.trafficPolicy, ...(spec.subsets ?? []).map(({ trafficPolicy }) => trafficPolicy)].map(
    (policy) => policy?.tls?.mode,
  );
  return modes.includes('MUTUAL')
    ? 'tls mode MUTUAL: certificates of one’s own are not honoured by the sandbox'
    : undefined;
}

export function unhonouredInAuthorizationPolicy({ spec }: AuthorizationPolicy): string | undefined {
  return spec?.action === 'CUSTOM'
    ? `action CUSTOM: the sandbox knows no provider ${spec.provider?.name ?? ''}, so what these rules match is refused`
    : undefined;
}

function reporter<T extends KubeObject>(
  context: SandboxContext,
  informer: Informer<T>,
  judge: (object: T) => string | undefined,
): Controller {
  const controller = new Controller(
    async (key) => {
      const object = informer.get(key);
      const message = object === undefined ? undefined : (refusal(object) ?? judge(object));
      if (object === undefined || message === undefined) return;
      context.log('mesh', `${object.kind} ${key}: ${message}`);
      const status = { conditions: [{ type: 'Reconciled', status: 'False', reason: 'NotHonoured', message }] };
      const { name, namespace } = object.metadata;
      await context.client.patch(informer.resource, name, namespace, { status }, { subresource: 'status' });
    },
    (key, error) => context.log('mesh', `${informer.resource.kind} ${key}: ${String(error)}`),
  );
  informer.onChange(({ type, object, before }) => {
    if (type === 'added' || (type === 'modified' && before?.metadata.generation !== object.metadata.generation))
      controller.enqueue(
        object.metadata.namespace === undefined
          ? object.metadata.name
          : `${object.metadata.namespace}/${object.metadata.name}`,
      );
  });
  return controller;
}
