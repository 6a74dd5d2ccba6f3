/** The web console of a real cluster. */
import type { KubernetesApi } from '../../kube/api.ts';
import { isRecord } from '../../model/fields.ts';

/** Its address, without a slash at its end; undefined if the cluster has no console, or its Route may not be read. */
export async function clusterConsoleAddress(api: KubernetesApi): Promise<string | undefined> {
  const routes = await api.resolveObject('route.openshift.io/v1', 'Route');
  if (routes === undefined) return undefined;
  const route = await api.get(routes, 'console', 'openshift-console').catch(() => undefined);
  const host = route?.spec?.['host'];
  if (typeof host !== 'string' || host === '') return undefined;
  return `${isRecord(route?.spec?.['tls']) ? 'https' : 'http'}://${host}`;
}
