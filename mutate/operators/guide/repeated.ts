import { insertStep } from '../../edit.ts';
import type { Operator } from '../operator.ts';
import { aboutCommand, commandsOf } from './command.ts';

export const repeated: Operator = {
  name: 'guide/repeated',
  summary: 'a command of the guide is typed twice',
  missing: 'an expectation of what the command prints the first time',
  occasions: (subject) =>
    commandsOf(subject).map((placed) => ({
      edit: insertStep(placed.document, placed.path, { run: placed.step.command, title: 'Typed twice' }),
      description: `typed twice: ${placed.step.command.trim()}`,
      from: placed,
      about: aboutCommand(subject, placed),
    })),
};
