/** The state of the lab's shell that later steps can see: variables, the directory and files. */
import type { Lab } from '../../model/lab.ts';
import { exercisesOf } from '../places.ts';

/** Names of the variables that any step of the lab mentions. */
export function variablesOf(lab: Lab): readonly string[] {
  const yaml = exercisesOf(lab)
    .flat()
    .map(({ step }) => step.yaml)
    .join('\n');
  return [...new Set([...yaml.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = '']) => name))].toSorted();
}

/** A command that prints one line each: `variable NAME=…`, `directory …`, `file SUM SIZE PATH`. */
export function shellStateCommand(variables: readonly string[]): string {
  const values = variables.map((name) => `printf 'variable %s=%q\\n' ${name} "\${${name}-}"`);
  const files = `(cd "$HOME/../work" && find . -type f -not -path '*/.git/*' -exec cksum {} + | sort -k 3 | sed 's/^/file /')`;
  return [...values, `printf 'directory %s\\n' "$PWD"`, files].join('; ');
}

/** @param own texts that differ between sandboxes but mean the same. */
export function shellLines(printed: string, own: readonly string[]): readonly string[] {
  const names = own.filter((name) => name !== '');
  const text = names.reduce((rest, name) => rest.replaceAll(name, 'own'), printed);
  return text.split('\n').filter((line) => !/^variable LABWRIGHT_/.test(line));
}
