/**
 * Assigns addresses to Services of type LoadBalancer, as a cloud's service controller or MetalLB does. The addresses are in
 * the last block of the service network, so they are reachable from wherever a cluster IP is.
 */
import { type ControllerContext, controllerFor, type RunningController } from '../client/builder.ts';
import { EventRecorder } from '../client/events.ts';
import { keyOf } from '../client/informer.ts';
import { SERVICES, type Service } from '../client/kinds.ts';

const LARGEST = 254;

export function startLoadBalancers(context: ControllerContext, serviceCidr: string): RunningController {
  const { client, informers } = context;
  const services = informers.of(SERVICES);
  const events = new EventRecorder(client, 'service-controller');
  return controllerFor(context, 'service-lb-controller', SERVICES)
    .watches(
      SERVICES,
      () => services.list().filter(isWaiting).map(keyOf),
      // An address has become free.
      { when: ({ type, object }) => type === 'deleted' && ingressOf(object).length > 0 },
    )
    .reconciles(async (service) => {
      const wanted = wantsBalancer(service);
      if (wanted === ingressOf(service).length > 0) return;
      const ip = wanted ? freeAddress(services.list(), serviceCidr) : undefined;
      if (wanted && ip === undefined) {
        const message = 'Error syncing load balancer: all addresses are taken';
        events.emit(service, 'Warning', 'SyncLoadBalancerFailed', message);
        return;
      }
      const { name, namespace } = service.metadata;
      const loadBalancer = { ingress: ip === undefined ? null : [{ ip, ipMode: 'VIP' }] };
      await client.patch(SERVICES, name, namespace, { status: { loadBalancer } }, { subresource: 'status' });
      if (ip !== undefined) events.emit(service, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer');
    });
}

/** A Service with a `loadBalancerClass` is left to another controller. */
function wantsBalancer({ spec }: Service): boolean {
  return spec.type === 'LoadBalancer' && spec.loadBalancerClass === undefined;
}

function isWaiting(service: Service): boolean {
  return wantsBalancer(service) && ingressOf(service).length === 0;
}

function ingressOf({ status }: Service) {
  return status?.loadBalancer?.ingress ?? [];
}

function freeAddress(services: readonly Service[], serviceCidr: string): string | undefined {
  const taken = new Set(services.flatMap((one) => [one.spec.clusterIP, ...ingressOf(one).map(({ ip }) => ip)]));
  const pool = poolOf(serviceCidr);
  const numbers = Array.from({ length: LARGEST }, (_, index) => index + 1);
  return numbers.map((number) => `${pool}.${number}`).find((address) => !taken.has(address));
}

/** The first three numbers of the address pool: `172.30.255` for `172.30.0.0/16`. */
function poolOf(serviceCidr: string): string {
  const [network = '', prefix = '16'] = serviceCidr.split('/');
  const start = network.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const last = start + 2 ** (32 - Number(prefix)) - 256;
  return [24, 16, 8].map((shift) => Math.floor(last / 2 ** shift) % 256).join('.');
}
