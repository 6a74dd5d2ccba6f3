/** Resolves operators as users name them: one, `routing/weights`, or a group, `routing`. */
import { nearest } from '../../model/nearest.ts';
import { OPERATORS } from '../../mutate/operators/index.ts';
import { CliError, EXIT } from '../failure.ts';

/**
 * @returns the names of the selected operators; empty for all.
 * @throws {CliError} `LW-NO-OPERATOR`
 */
export function operatorNames(given: readonly string[]): readonly string[] {
  return [...new Set(given.flatMap(namesOf))];
}

function namesOf(given: string): readonly string[] {
  const names = OPERATORS.map(({ name }) => name);
  const meant = names.filter((name) => name === given || groupOf(name) === given.replace(/\/$/, ''));
  if (meant.length > 0) return meant;
  const groups = [...new Set(names.map(groupOf))];
  const word = nearest(given, [...names, ...groups]) ?? names.find((name) => name.split('/')[1] === given);
  const hint = word === undefined ? `the groups are ${groups.join(', ')}` : `did you mean ${word}?`;
  throw new CliError(
    EXIT.usage,
    'LW-NO-OPERATOR',
    `There is no kind of mistake named ${given}; ${hint}`,
    word === undefined ? 'npx labwright mutate --list' : `npx labwright mutate --operator ${word}`,
  );
}

function groupOf(name: string): string {
  return name.split('/')[0] ?? name;
}
