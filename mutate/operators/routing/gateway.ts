import { listAt, numberAt, textsAt } from '../../tree.ts';
import { type Change, onManifests } from '../operator.ts';

export const gateway = onManifests({
  name: 'routing/gateway',
  summary: 'a Gateway selects no proxy, or listens on another port or for another host',
  missing: 'a check that the host is answered through the gateway',
  kinds: ['Gateway'],
  changes: ({ object }) => [
    ...[...textsAt(object, ['spec', 'selector'])].map(([key, value]) => ({
      path: ['spec', 'selector', key],
      value: `${value}-typo`,
      description: `selector ${key}: ${value}-typo`,
    })),
    ...listAt(object, ['spec', 'servers']).flatMap((server, index): Change[] => {
      const path = ['spec', 'servers', index];
      const port = numberAt(server, ['port', 'number']);
      const wrongPort = [...path, 'port', 'number'];
      return [
        ...(port === undefined
          ? []
          : [{ path: wrongPort, value: port + 9_000, description: `port ${port + 9_000} instead of ${port}` }]),
        ...listAt(server, ['hosts']).map((host, number) => ({
          path: [...path, 'hosts', number],
          value: 'other.example.com',
          description: `host other.example.com instead of ${String(host)}`,
        })),
      ];
    }),
  ],
});
