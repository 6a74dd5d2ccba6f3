/** build.openshift.io, in addition to its stored kinds. Requests to start a build are refused: the sandbox cannot build. */
import { StatusError } from '../../api/status.ts';
import type { AggregatedApi } from '../../api/types.ts';

export const NO_BUILDS = 'nothing is built in the sandbox; images are mapped to programs in images.yaml';

const SUBRESOURCES: readonly (readonly [string, string, string])[] = [
  ['buildconfigs/instantiate', 'BuildRequest', 'create'],
  ['buildconfigs/instantiatebinary', 'BinaryBuildRequestOptions', 'create'],
  ['builds/clone', 'BuildRequest', 'create'],
  ['builds/log', 'BuildLog', 'get'],
];

export function buildApi(): AggregatedApi {
  return {
    group: 'build.openshift.io',
    version: 'v1',
    beside: true,
    resources: SUBRESOURCES.map(([name, kind, verb]) => ({
      name,
      singularName: '',
      namespaced: true,
      kind,
      verbs: [verb],
    })),
    handle: async () => {
      throw new StatusError(501, 'NotImplemented', NO_BUILDS);
    },
  };
}
