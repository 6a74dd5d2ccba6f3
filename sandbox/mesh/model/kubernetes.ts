/** The Kubernetes kinds that the mesh reads, re-exported. */
export type { Data as Secret, Endpoints, Namespace, Pod, Service, ServicePort } from '../../client/kinds.ts';
export { ENDPOINTS, NAMESPACES, PODS, SECRETS, SERVICES } from '../../client/kinds.ts';
