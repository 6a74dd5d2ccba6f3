import { isRecord } from '../../../model/fields.ts';
import { replaced, textAt, valueAt } from '../../tree.ts';
import { onManifests, TEMPLATE, WORKLOADS } from '../operator.ts';

const ANNOTATION = 'sidecar.istio.io/inject';

/** The mesh reads annotations of pods, not of the workload itself. */
export const annotationElsewhere = onManifests({
  name: 'workload/annotation-elsewhere',
  summary: 'the annotations of the pods are on the workload itself',
  missing: 'a check that each pod has the proxy as a container',
  kinds: WORKLOADS,
  changes: ({ object }) => {
    const inPods = [...TEMPLATE, 'metadata', 'annotations'];
    const annotations = valueAt(object, inPods);
    if (!isRecord(annotations) || textAt(annotations, [ANNOTATION]) === undefined) return [];
    const moved = replaced(replaced(object, inPods, undefined), ['metadata', 'annotations'], annotations);
    return [
      {
        path: [],
        value: moved,
        description: 'the annotations of its pods are on the workload itself',
        about: ['istio-proxy', 'pods'],
      },
    ];
  },
});
