import { listAt } from '../../tree.ts';
import { type Change, onManifests } from '../operator.ts';

/** Faults that people add for a trial and forget. */
const FAULTS = [
  { what: 'a tenth of the requests ends with 503', fault: { abort: { percentage: { value: 10 }, httpStatus: 503 } } },
  { what: 'each request is 1 s late', fault: { delay: { percentage: { value: 100 }, fixedDelay: '1s' } } },
];

export const faultLeft = onManifests({
  name: 'routing/fault-left',
  summary: 'a fault from a trial is left in a rule',
  missing: 'a check of the whole rule as the cluster has it',
  kinds: ['VirtualService'],
  changes: ({ object }) => {
    const last = listAt(object, ['spec', 'http']).length - 1;
    if (last < 0) return [];
    return FAULTS.map(
      ({ what, fault }): Change => ({
        path: ['spec', 'http', last, 'fault'],
        value: fault,
        description: `${what}, by a fault in the last rule`,
        about: ['fault', '503'],
      }),
    );
  },
});
