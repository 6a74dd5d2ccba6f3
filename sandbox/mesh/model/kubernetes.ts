/** The Kubernetes kinds that the mesh looks at: those of the whole sandbox. */
export type { Data as Secret, Endpoints, Namespace, Pod, Service, ServicePort } from '../../client/kinds.ts';
export { ENDPOINTS, NAMESPACES, PODS, SECRETS, SERVICES } from '../../client/kinds.ts';
