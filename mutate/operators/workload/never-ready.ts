import { listAt, textAt } from '../../tree.ts';
import { CONTAINERS, onManifests, WORKLOADS } from '../operator.ts';

export const neverReady = onManifests({
  name: 'workload/never-ready',
  summary: 'a container’s readiness probe asks a port where nothing listens',
  missing: 'a step that waits until the workload is ready',
  kinds: WORKLOADS,
  changes: ({ object }) =>
    listAt(object, CONTAINERS).map((container, index) => ({
      path: [...CONTAINERS, index, 'readinessProbe'],
      value: { tcpSocket: { port: 1 }, periodSeconds: 1 },
      description: `container ${textAt(container, ['name']) ?? index} has a readiness probe of port 1`,
    })),
});
