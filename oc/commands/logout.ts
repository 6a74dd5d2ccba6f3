/** `oc logout` removes the token from the kubeconfig. */
import { type Command, parse } from '../command.ts';
import { OcError } from '../error.ts';
import { currentContext, currentServer, readKubeconfig, writeKubeconfig } from '../kubeconfig.ts';
import { whoAmI } from './projects.ts';

export const logout: Command = {
  words: 'logout',
  about: 'removes the token of this session',
  run: async (words) => {
    parse('logout', words, {});
    const config = await readKubeconfig();
    const context = currentContext(config);
    const user = config.users.find(({ name }) => name === context?.user);
    if (user?.user.token === undefined) throw new OcError('You must have a token in order to logout.');
    const name = await whoAmI().catch(() => context?.user.split('/')[0] ?? '');
    const { token: _, ...rest } = user.user;
    user.user = rest;
    await writeKubeconfig(config);
    return `Logged "${name}" out on "${currentServer(config) ?? ''}"`;
  },
};
