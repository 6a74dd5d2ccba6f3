/** `oc version` prints the versions of the client and the cluster. */
import { parseJson, textAt } from '../../model/fields.ts';
import { type Command, flag, parse, text } from '../command.ts';
import { becomeKubectl, kubectl } from '../kubectl.ts';

export const versionCommand: Command = {
  words: 'version',
  about: 'shows the versions of the client and the cluster',
  run: async (words) => {
    const { values } = parse('version', words, { client: flag, output: { ...text, short: 'o' } });
    return values.output === undefined && values.client !== true ? version() : becomeKubectl(['version', ...words]);
  },
};

async function version(): Promise<string> {
  const versions = parseJson(await kubectl(['version', '-o', 'json']));
  const kubernetes = textAt(versions, 'serverVersion', 'gitVersion');
  const openshift = await kubectl([
    'get',
    'clusterversion',
    'version',
    '-o',
    'jsonpath={.status.desired.version}',
  ]).catch(() => '');
  return [
    `Client Version: ${textAt(versions, 'clientVersion', 'gitVersion')} (kubectl, with Labwright's stand-in for oc)`,
    ...(openshift === '' ? [] : [`Server Version: ${openshift}`]),
    ...(kubernetes === undefined ? [] : [`Kubernetes Version: ${kubernetes}`]),
  ].join('\n');
}
