/** `labwright validate [labs…]` */
import { builtInImages } from '../sandbox/index.ts';
import { formatProblems, validateLab } from '../steps/load.ts';
import { CliError, EXIT, type ExitCode } from './failure.ts';
import { findLab, labNames, specFiles } from './lab.ts';

/** Prints each problem as `file:line:column: …`. @returns 2 if there is one that is not a warning. */
export function validate(labs: readonly string[]): ExitCode {
  const directories = (labs.length > 0 ? labs : labNames()).map(findLab);
  let wrong = false;
  for (const directory of directories) wrong = !printProblems(directory) || !hasSpecs(directory) || wrong;
  if (wrong) return EXIT.usage;
  console.log(`${directories.length === 1 ? 'The lab is' : `All ${directories.length} labs are`} valid.`);
  return EXIT.certified;
}

/** @returns whether the lab has no problems except warnings. */
export function printProblems(directory: string): boolean {
  const problems = validateLab(directory, builtInImages());
  if (problems.length > 0) console.error(formatProblems(problems, { color: process.stderr.hasColors?.() ?? false }));
  return problems.every(({ severity }) => severity === 'warning');
}

/** A section without a spec is not part of the lab, whatever its YAML says. */
function hasSpecs(directory: string): boolean {
  try {
    specFiles(directory, []);
    return true;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    console.error(`${error.message} [${error.code}]`);
    return false;
  }
}
