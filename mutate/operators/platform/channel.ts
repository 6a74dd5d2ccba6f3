import { operator } from '../../../steps/operator.ts';
import { editValue } from '../../edit.ts';
import type { Operator } from '../operator.ts';

export const channel: Operator = {
  name: 'platform/channel',
  summary: 'an operator is subscribed to a channel that its catalog does not have',
  missing: 'an `operator` step',
  occasions: ({ steps }) =>
    steps.flatMap((placed) =>
      operator.owns(placed.step)
        ? [
            {
              edit: editValue(placed.document, [...placed.path, 'channel'], 'no-such-channel'),
              description: `${placed.step.package} from the channel no-such-channel instead of ${placed.step.channel}`,
              from: placed,
              about: [placed.step.package],
            },
          ]
        : [],
    ),
};
