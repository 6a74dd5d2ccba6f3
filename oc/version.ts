/** `oc version`: what the person's client and the cluster are. */
import { kubectl } from './kubectl.ts';

interface Versions {
  readonly clientVersion: { readonly gitVersion: string };
  readonly serverVersion?: { readonly gitVersion: string };
}

export async function version(): Promise<string> {
  const versions = JSON.parse(await kubectl(['version', '-o', 'json'])) as Versions;
  const openshift = await kubectl([
    'get',
    'clusterversion',
    'version',
    '-o',
    'jsonpath={.status.desired.version}',
  ]).catch(() => '');
  return [
    `Client Version: ${versions.clientVersion.gitVersion} (kubectl, with the stand-in for oc)`,
    ...(openshift === '' ? [] : [`Server Version: ${openshift}`]),
    ...(versions.serverVersion === undefined ? [] : [`Kubernetes Version: ${versions.serverVersion.gitVersion}`]),
  ].join('\n');
}
