import { listAt, valueAt } from '../../tree.ts';
import { onManifests } from '../operator.ts';

export const targetPort = onManifests({
  name: 'workload/target-port',
  summary: 'a Service forwards to a port where nothing listens',
  missing: 'a check that the Service is answered',
  kinds: ['Service'],
  changes: ({ object }) =>
    listAt(object, ['spec', 'ports']).flatMap((port, index) => {
      const target = valueAt(port, ['targetPort']) ?? valueAt(port, ['port']);
      const wrong = typeof target === 'number' ? target + 1 : typeof target === 'string' ? `${target}-typo` : undefined;
      if (wrong === undefined) return [];
      const path = ['spec', 'ports', index, 'targetPort'];
      return [{ path, value: wrong, description: `targetPort: ${wrong} instead of ${String(target)}` }];
    }),
});
