import type { BrowserName } from '../../../model/lab.ts';
import { browse } from '../../../steps/browse.ts';
import { editValue } from '../../edit.ts';
import type { Operator } from '../operator.ts';

/** Rules that match `user-agent` see another browser. The lab's text does not change. */
export const disguisedBrowser: Operator = {
  name: 'platform/disguised-browser',
  summary: 'a browser claims to be another',
  missing: 'a `browse` that expects another page in each browser',
  occasions: ({ steps }) =>
    steps.flatMap((placed) => {
      const { step } = placed;
      if (!browse.owns(step)) return [];
      const own = new Set(step.expect.flatMap(({ browser }) => browser ?? []));
      if (own.size < 2) return [];
      const disguise: BrowserName = 'firefox';
      return [
        {
          edit: editValue(placed.document, [...placed.path, 'browse'], step.url),
          description: 'Chromium says that it is Firefox',
          from: placed,
          about: ['Firefox', 'chromium'],
          disguise,
        },
      ];
    }),
};
