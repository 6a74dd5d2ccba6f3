/** Kinds of the mesh that can be created and have no effect here. Each such object is told so: a policy that looks in force and is not would be worse than none. */

import { type KubeObject, type Resource, resource } from '../client/client.ts';
import { Informer } from '../client/informer.ts';
import type { Component, SandboxContext } from '../component.ts';
import { reporter } from './status.ts';

const NETWORKING = 'networking.istio.io/v1beta1';
const SECURITY = 'security.istio.io/v1beta1';

/** What stays undone, by kind. */
const IGNORED: readonly (readonly [Resource<KubeObject>, string])[] = [
  [
    resource(SECURITY, 'RequestAuthentication', 'requestauthentications'),
    'the sandbox does not enforce RequestAuthentications: tokens are not looked at',
  ],
  [resource(NETWORKING, 'WorkloadEntry', 'workloadentries'), 'the sandbox does not follow WorkloadEntries'],
  [
    resource('networking.istio.io/v1alpha3', 'EnvoyFilter', 'envoyfilters'),
    'the sandbox does not apply EnvoyFilters: the proxies keep their configuration',
  ],
];

/** @param served resolves when the mesh's kinds are served: they come together, so nobody need ask for each before. */
export function reportIgnored(context: SandboxContext, served: Promise<unknown>): Component {
  const followed = IGNORED.map(([of, message]) => follow(context, of, message, served));
  return {
    name: 'mesh ignored kinds',
    stop: async () => void (await Promise.all(followed.map((stop) => stop()))),
  };
}

function follow(
  context: SandboxContext,
  of: Resource<KubeObject>,
  message: string,
  served: Promise<unknown>,
): () => Promise<void> {
  const informer = new Informer(context.client, of);
  const controller = reporter(context, informer, () => message);
  let stopped = false;
  void served.then(() => {
    if (!stopped) void informer.start();
  });
  return async () => {
    stopped = true;
    await controller.stop();
    await informer.stop();
  };
}
