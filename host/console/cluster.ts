/** The web console of a real cluster: its address, and whether the person who runs the lab has named a user. */
import type { KubernetesApi } from '../../kube/api.ts';
import { isRecord } from '../../model/record.ts';

/** Without a slash at its end; undefined if the cluster has no console, or its Route may not be read. */
export async function clusterConsoleAddress(api: KubernetesApi): Promise<string | undefined> {
  const routes = await api.resolveObject('route.openshift.io/v1', 'Route');
  if (routes === undefined) return undefined;
  const route = await api.get(routes, 'console', 'openshift-console').catch(() => undefined);
  const host = route?.spec?.['host'];
  if (typeof host !== 'string' || host === '') return undefined;
  return `${isRecord(route?.spec?.['tls']) ? 'https' : 'http'}://${host}`;
}

/** The password of `LABWRIGHT_CONSOLE_USER`; undefined if no user was given. */
export function consolePassword(): string | undefined {
  const { LABWRIGHT_CONSOLE_USER: user = '', LABWRIGHT_CONSOLE_PASSWORD: password = '' } = process.env;
  return user === '' || password === '' ? undefined : password;
}
