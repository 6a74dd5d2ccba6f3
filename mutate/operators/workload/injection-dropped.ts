import { textAt } from '../../tree.ts';
import { onManifests, TEMPLATE, WORKLOADS } from '../operator.ts';

const ANNOTATION = 'sidecar.istio.io/inject';

export const injectionDropped = onManifests({
  name: 'workload/injection-dropped',
  summary: 'the annotation that asks for a proxy is left out',
  missing: 'a check that each pod has the proxy as a container',
  kinds: WORKLOADS,
  changes: ({ object }) => {
    const path = [...TEMPLATE, 'metadata', 'annotations', ANNOTATION];
    if (textAt(object, path) === undefined) return [];
    return [
      { path, value: undefined, description: `without the annotation ${ANNOTATION}`, about: ['istio-proxy', 'pods'] },
    ];
  },
});
