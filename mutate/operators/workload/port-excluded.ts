import { listAt, numberAt } from '../../tree.ts';
import { onManifests, TEMPLATE, WORKLOADS } from '../operator.ts';

const ANNOTATION = 'traffic.sidecar.istio.io/excludeInboundPorts';

/** The pod has a proxy, but incoming traffic bypasses it. */
export const portExcluded = onManifests({
  name: 'workload/port-excluded',
  summary: 'a pod’s proxy ignores the port that the program listens on',
  missing: 'a check of the pods’ annotations, or a call in plaintext that must be reset',
  kinds: WORKLOADS,
  changes: ({ object }) => {
    const port = listAt(object, ['spec', 'template', 'spec', 'containers'])
      .flatMap((container) => listAt(container, ['ports']))
      .map((one) => numberAt(one, ['containerPort']))
      .find((number) => number !== undefined);
    if (port === undefined) return [];
    return [
      {
        path: [...TEMPLATE, 'metadata', 'annotations', ANNOTATION],
        value: String(port),
        description: `${ANNOTATION}: "${port}"`,
        about: ['without sidecar', 'reset'],
      },
    ];
  },
});
