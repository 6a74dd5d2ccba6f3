import { editValue } from '../../edit.ts';
import type { Operator } from '../operator.ts';
import { aboutCommand, commandsOf } from './command.ts';

export const leftOut: Operator = {
  name: 'guide/left-out',
  summary: 'a command of the guide is not typed',
  missing: 'a check of what the command does',
  occasions: (subject) =>
    commandsOf(subject).map((placed) => ({
      // Replaces the step, so that all others keep their numbers.
      edit: editValue(placed.document, placed.path, { check: 'true', title: 'Left out' }),
      description: `left out: ${placed.step.command.trim()}`,
      from: placed,
      about: aboutCommand(subject, placed),
    })),
};
