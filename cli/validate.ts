/** `labwright validate [labs…]` */
import { builtInImages } from '../sandbox/index.ts';
import { formatProblems, validateLab } from '../steps/load.ts';
import { EXIT, type ExitCode } from './failure.ts';
import { findLab, labNames } from './lab.ts';

/** Prints each problem as `file:line:column: …`. @returns 2 when there is one that is not a mere warning. */
export async function validate(labs: readonly string[]): Promise<ExitCode> {
  const directories = (labs.length > 0 ? labs : labNames()).map(findLab);
  let wrong = false;
  for (const directory of directories) wrong = !(await printProblems(directory)) || wrong;
  if (wrong) return EXIT.usage;
  console.log(`${directories.length === 1 ? 'The lab is' : `All ${directories.length} labs are`} well-formed.`);
  return EXIT.certified;
}

/** @returns whether the lab has no problem but warnings. */
export async function printProblems(directory: string): Promise<boolean> {
  const problems = await validateLab(directory, builtInImages());
  if (problems.length > 0) console.error(formatProblems(problems, { color: process.stderr.hasColors?.() ?? false }));
  return problems.every(({ severity }) => severity === 'warning');
}
