/** Distinguishes a process from a later one with the same id. */
import { readFileSync } from 'node:fs';

/** Start of a process in kernel ticks since boot; undefined if there is no such process, if it is a zombie, and without /proc. */
export function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name may contain spaces and parentheses; fields are counted from the last closing parenthesis.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
