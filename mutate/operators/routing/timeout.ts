import { listAt } from '../../tree.ts';
import { type Change, onManifests } from '../operator.ts';

export const timeout = onManifests({
  name: 'routing/timeout',
  summary: 'a rule’s timeout is too short, or it retries when it should not',
  missing: 'a check of the whole rule as the cluster has it',
  kinds: ['VirtualService'],
  changes: ({ object }) => {
    const last = listAt(object, ['spec', 'http']).length - 1;
    if (last < 0) return [];
    const rule = ['spec', 'http', last];
    return [
      { path: [...rule, 'timeout'], value: '1ms', description: 'timeout 1ms in the last rule', about: ['504'] },
      {
        path: [...rule, 'retries'],
        value: { attempts: 0 },
        description: 'no retries in the last rule',
        about: ['retries', 'attempts'],
      },
    ] satisfies Change[];
  },
});
