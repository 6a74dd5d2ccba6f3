/** Labels Gateways of OpenShift's classes with the revision that serves them (cluster-ingress-operator, gateway-labeler). */
import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import { keyOf } from '../../client/informer.ts';
import { GATEWAY_CLASSES, KUBE_GATEWAYS, OPENSHIFT_CONTROLLER } from '../../mesh/model/gateway-api.ts';
import { REVISION_LABEL } from '../sail/references.ts';
import { GATEWAY_ISTIO } from './istio.ts';

export function startGatewayLabeler(context: ControllerContext): RunningController {
  const { client, informers } = context;
  return controllerFor(context, 'gateway_labeler_controller', KUBE_GATEWAYS)
    .watches(GATEWAY_CLASSES, () => informers.of(KUBE_GATEWAYS).list().map(keyOf))
    .reconciles(async ({ metadata: { name, namespace, labels }, spec }) => {
      const found = informers.of(GATEWAY_CLASSES).get(spec.gatewayClassName);
      if (found?.spec.controllerName !== OPENSHIFT_CONTROLLER || labels?.[REVISION_LABEL] === GATEWAY_ISTIO) return;
      const label = { [REVISION_LABEL]: GATEWAY_ISTIO };
      await client.patch(KUBE_GATEWAYS, name, namespace, { metadata: { labels: label } });
    });
}
