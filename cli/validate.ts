/** `labwright validate [labs…]` */
import { formatProblems, LabError, loadLab, type Problem } from '../language/index.ts';
import { EXIT, type ExitCode } from './failure.ts';
import { findLab, labNames } from './lab.ts';

/** Prints each problem as `file:line:column: …`. @returns 2 when there is one. */
export async function validate(labs: readonly string[]): Promise<ExitCode> {
  const directories = (labs.length > 0 ? labs : labNames()).map(findLab);
  let wrong = false;
  for (const directory of directories) wrong = !printProblems(directory) || wrong;
  if (wrong) return EXIT.usage;
  console.log(`${directories.length === 1 ? 'The lab is' : `All ${directories.length} labs are`} well-formed.`);
  return EXIT.certified;
}

/** @returns whether the lab has no problem. */
export function printProblems(directory: string): boolean {
  const problems = problemsOf(directory);
  if (problems.length === 0) return true;
  console.error(formatProblems(problems));
  return false;
}

function problemsOf(directory: string): readonly Problem[] {
  try {
    loadLab(directory);
    return [];
  } catch (error) {
    if (error instanceof LabError) return error.problems;
    throw error;
  }
}
