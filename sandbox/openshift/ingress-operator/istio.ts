/** The control plane for OpenShift's GatewayClasses. */
import { GATEWAY_CLASSES, type GatewayClass, OPENSHIFT_CONTROLLER } from '../../mesh/model/gateway-api.ts';
import { ISTIOS, type Istio } from '../sail/kinds.ts';

export const OPERAND_NAMESPACE = 'openshift-ingress';
/** The name of the Istio and of its revision. */
export const GATEWAY_ISTIO = 'openshift-gateway';
export const ISTIOD = `istiod-${GATEWAY_ISTIO}`;

/** @param owner the class that owns the Istio. @returns the Istio, with the operator's values that have an effect here. */
export function gatewayIstio(owner: GatewayClass, version: string): Istio {
  const { apiVersion, kind } = GATEWAY_CLASSES;
  const { name, uid = '' } = owner.metadata;
  return {
    apiVersion: ISTIOS.apiVersion,
    kind: ISTIOS.kind,
    metadata: { name: GATEWAY_ISTIO, ownerReferences: [{ apiVersion, kind, name, uid }] },
    spec: {
      namespace: OPERAND_NAMESPACE,
      updateStrategy: { type: 'InPlace' },
      values: {
        global: { istioNamespace: OPERAND_NAMESPACE },
        meshConfig: { accessLogFile: '/dev/stdout' },
        pilot: {
          cni: { enabled: false },
          env: {
            PILOT_ENABLE_GATEWAY_API: 'true',
            PILOT_ENABLE_ALPHA_GATEWAY_API: 'false',
            PILOT_ENABLE_GATEWAY_API_STATUS: 'true',
            PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER: 'true',
            PILOT_ENABLE_GATEWAY_API_GATEWAYCLASS_CONTROLLER: 'false',
            PILOT_GATEWAY_API_DEFAULT_GATEWAYCLASS_NAME: 'openshift-default',
            PILOT_GATEWAY_API_CONTROLLER_NAME: OPENSHIFT_CONTROLLER,
            PILOT_MULTI_NETWORK_DISCOVER_GATEWAY_API: 'false',
            ENABLE_GATEWAY_API_MANUAL_DEPLOYMENT: 'false',
            PILOT_ENABLE_GATEWAY_API_CA_CERT_ONLY: 'true',
            PILOT_ENABLE_GATEWAY_API_COPY_LABELS_ANNOTATIONS: 'false',
          },
        },
      },
      version,
    },
  };
}
