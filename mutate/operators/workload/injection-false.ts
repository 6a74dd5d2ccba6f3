import { textAt } from '../../tree.ts';
import { onManifests, TEMPLATE, WORKLOADS } from '../operator.ts';

const ANNOTATION = 'sidecar.istio.io/inject';

export const injectionFalse = onManifests({
  name: 'workload/injection-false',
  summary: 'the annotation that asks for a proxy says "false"',
  missing: 'a check that each pod has the proxy as a container',
  kinds: WORKLOADS,
  changes: ({ object }) => {
    const path = [...TEMPLATE, 'metadata', 'annotations', ANNOTATION];
    if (textAt(object, path) !== 'true') return [];
    return [{ path, value: 'false', description: `${ANNOTATION}: "false"`, about: ['istio-proxy', 'pods'] }];
  },
});
