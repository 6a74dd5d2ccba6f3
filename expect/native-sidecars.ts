/**
 * Since Kubernetes 1.29 a sidecar may be an init container that keeps running (`restartPolicy: Always`); newer meshes inject their
 * proxy that way. Readers see it as one of the pod's containers: `oc get pods` counts it among them.
 */
import { type Fields, isRecord } from '../model/fields.ts';

/** @returns the pod with its native sidecars and their statuses among its containers; any other object unchanged. */
export function withNativeSidecars(object: unknown): unknown {
  if (!isRecord(object) || object['kind'] !== 'Pod' || !isRecord(object['spec'])) return object;
  const { spec, status } = object;
  const staying = listOf(spec, 'initContainers').filter((container) => container['restartPolicy'] === 'Always');
  if (staying.length === 0) return object;
  const names = new Set(staying.map((container) => container['name']));
  const together = { ...object, spec: { ...spec, containers: [...listOf(spec, 'containers'), ...staying] } };
  if (!isRecord(status)) return together;
  const statuses = listOf(status, 'initContainerStatuses').filter(({ name }) => names.has(name));
  return {
    ...together,
    status: { ...status, containerStatuses: [...listOf(status, 'containerStatuses'), ...statuses] },
  };
}

function listOf(of: Fields, key: string): readonly Fields[] {
  const value = of[key];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
