import { listAt, numberAt } from '../../tree.ts';
import { onManifests } from '../operator.ts';

export const servicePort = onManifests({
  name: 'workload/service-port',
  summary: 'a Service listens on another port than its clients use',
  missing: 'a check that the Service is answered on its port',
  kinds: ['Service'],
  changes: ({ object }) =>
    listAt(object, ['spec', 'ports']).flatMap((port, index) => {
      const number = numberAt(port, ['port']);
      if (number === undefined) return [];
      const path = ['spec', 'ports', index, 'port'];
      return [{ path, value: number + 1, description: `port: ${number + 1} instead of ${number}` }];
    }),
});
