/** `check`: a command that only looks. Skipped on catch-up, and asked again until it holds when `within` is given. */
import { durationOf } from '../language/reading.ts';
import { type CommandStep, playCommand, readCommand } from './command.ts';
import { defineVerb } from './verb.ts';

export interface CheckStep extends CommandStep {
  readonly verb: 'check';
}

export const check = defineVerb<CheckStep>({
  name: 'check',
  nature: 'observes',
  read: (raw, path, reading) => ({
    ...readCommand('check', raw.check, raw, path, reading),
    ...(raw.within === undefined ? {} : { within: durationOf(raw.within, [...path, 'within'], reading, 0) }),
  }),
  variables: { command: 'shell' },
  onCluster: playCommand,
});
