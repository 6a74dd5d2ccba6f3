/**
 * When the type of a Service changes, fields of the old type are dropped unless the request changes them too
 * (kube-apiserver, `dropTypeDependentFields`). So it is enough to patch the type alone.
 */
import { type Fields, fields, records, text } from '../../../model/fields.ts';
import { editable, ensure } from '../json.ts';
import type { ApiObject } from '../types.ts';

/** The Service types that have each field. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  clusterIP: ['ClusterIP', 'NodePort', 'LoadBalancer'],
  clusterIPs: ['ClusterIP', 'NodePort', 'LoadBalancer'],
  ipFamilies: ['ClusterIP', 'NodePort', 'LoadBalancer'],
  ipFamilyPolicy: ['ClusterIP', 'NodePort', 'LoadBalancer'],
  internalTrafficPolicy: ['ClusterIP', 'NodePort', 'LoadBalancer'],
  externalTrafficPolicy: ['NodePort', 'LoadBalancer'],
  allocateLoadBalancerNodePorts: ['LoadBalancer'],
  loadBalancerClass: ['LoadBalancer'],
  healthCheckNodePort: ['LoadBalancer'],
};
const WITH_NODE_PORTS = ['NodePort', 'LoadBalancer'];

/** @param service a copy of the new Service; it is changed. */
export function dropFieldsOfOldType(service: ApiObject, old: ApiObject): void {
  const [spec, before] = [ensure(service, 'spec'), fields(old['spec'])];
  const [type, was] = [text(spec['type']), text(before['type'])];
  if (type === was) return;
  for (const [field, types] of Object.entries(FIELDS)) {
    const isLeft = types.includes(was) && !types.includes(type);
    if (isLeft && JSON.stringify(spec[field]) === JSON.stringify(before[field])) delete spec[field];
  }
  if (WITH_NODE_PORTS.includes(was) && !WITH_NODE_PORTS.includes(type) && hasSameNodePorts(spec, before))
    for (const port of editable(spec['ports'])) delete port['nodePort'];
}

function hasSameNodePorts(spec: Fields, before: Fields): boolean {
  const known = new Set(records(before['ports']).map((port) => port['nodePort']));
  return records(spec['ports']).every(({ nodePort }) => nodePort === undefined || known.has(nodePort));
}
