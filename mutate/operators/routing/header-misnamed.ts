import { isRecord } from '../../../model/fields.ts';
import { listAt, valueAt } from '../../tree.ts';
import { type Change, onManifests } from '../operator.ts';

export const headerMisnamed = onManifests({
  name: 'routing/header-misnamed',
  summary: 'a match names a header that nobody sends',
  missing: 'a check with a request that matches and one that does not',
  kinds: ['VirtualService'],
  changes: ({ object }) =>
    listAt(object, ['spec', 'http']).flatMap((rule, index) =>
      listAt(rule, ['match']).flatMap((condition, number): Change[] => {
        const headers = valueAt(condition, ['headers']);
        if (!isRecord(headers)) return [];
        return Object.keys(headers).map((header) => ({
          path: ['spec', 'http', index, 'match', number, 'headers'],
          value: Object.fromEntries(
            Object.entries(headers).map(([key, value]) => [key === header ? `${key}-typo` : key, value]),
          ),
          description: `header ${header}-typo instead of ${header}`,
          about: [header, ...(JSON.stringify(headers[header]).match(/[A-Za-z][\w-]{2,}/g) ?? [])],
        }));
      }),
    ),
});
