/** `oc version` prints the versions of the client and the cluster. */
import { type Command, flag, parse, text } from '../command.ts';
import { becomeKubectl, kubectl } from '../kubectl.ts';

interface Versions {
  readonly clientVersion: { readonly gitVersion: string };
  readonly serverVersion?: { readonly gitVersion: string };
}

export const versionCommand: Command = {
  words: 'version',
  about: 'shows the versions of the client and the cluster',
  run: async (words) => {
    const { values } = parse('version', words, { client: flag, output: { ...text, short: 'o' } });
    return values.output === undefined && values.client !== true ? version() : becomeKubectl(['version', ...words]);
  },
};

async function version(): Promise<string> {
  const versions = JSON.parse(await kubectl(['version', '-o', 'json'])) as Versions;
  const openshift = await kubectl([
    'get',
    'clusterversion',
    'version',
    '-o',
    'jsonpath={.status.desired.version}',
  ]).catch(() => '');
  return [
    `Client Version: ${versions.clientVersion.gitVersion} (kubectl, with Labwright's stand-in for oc)`,
    ...(openshift === '' ? [] : [`Server Version: ${openshift}`]),
    ...(versions.serverVersion === undefined ? [] : [`Kubernetes Version: ${versions.serverVersion.gitVersion}`]),
  ].join('\n');
}
