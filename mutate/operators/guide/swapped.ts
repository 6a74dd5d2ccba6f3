import { exchange } from '../../edit.ts';
import type { Operator } from '../operator.ts';
import { aboutCommand, commandsOf } from './command.ts';

export const swapped: Operator = {
  name: 'guide/swapped',
  summary: 'two commands that follow each other are typed in the opposite order',
  missing: 'an expectation that only holds in the right order',
  occasions: (subject) => {
    const commands = commandsOf(subject);
    return commands.flatMap((placed, index) => {
      const next = commands[index + 1];
      if (next?.ordinal !== placed.ordinal) return [];
      return [
        {
          edit: exchange(placed.document, placed.path, next.path),
          description: `typed after the next command: ${placed.step.command.trim()}`,
          from: placed,
          about: [...aboutCommand(subject, placed), ...aboutCommand(subject, next)],
        },
      ];
    });
  },
};
