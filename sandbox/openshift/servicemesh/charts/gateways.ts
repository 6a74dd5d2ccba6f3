/** The ingress and egress gateways. Pure. */
import type { AnyObject } from '../../../client/kinds.ts';
import { proxyContainer, proxyVolumes } from '../proxy.ts';
import { type Chart, deployment, networkPolicy, port, route, service, serviceAccount } from './parts.ts';

export function ingressGateway(chart: Chart): AnyObject[] {
  const name = 'istio-ingressgateway';
  const selector = { app: name, istio: 'ingressgateway' };
  const ports = [port('status-port', 15021), port('http2', 80, 8080), port('https', 443, 8443), port('tls', 15443)];
  return [
    serviceAccount(`${name}-service-account`),
    gatewayDeployment(chart, name, selector),
    service(name, selector, ports),
    route(name, name, undefined, 8080),
    networkPolicy(name, selector, [{}]),
  ];
}

export function egressGateway(chart: Chart): AnyObject[] {
  const name = 'istio-egressgateway';
  const selector = { app: name, istio: 'egressgateway' };
  return [
    serviceAccount(`${name}-service-account`),
    gatewayDeployment(chart, name, selector),
    service(name, selector, [port('http2', 80, 8080), port('https', 443, 8443), port('tls', 15443)]),
  ];
}

function gatewayDeployment(
  { mesh, namespace, figures }: Chart,
  name: string,
  selector: Record<string, string>,
): AnyObject {
  const container = proxyContainer({
    role: 'router',
    mesh,
    meshNamespace: namespace,
    imageTag: figures.imageTag,
    namespace,
    workload: name,
    app: name,
    revision: mesh,
    owner: `apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
  });
  const labels = {
    ...selector,
    'istio.io/rev': mesh,
    'maistra-control-plane': namespace,
    'service.istio.io/canonical-name': name,
    'service.istio.io/canonical-revision': 'latest',
  };
  return deployment(name, labels, `${name}-service-account`, [container], { selector, volumes: proxyVolumes() });
}
