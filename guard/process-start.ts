/** Tells a process from a later one with the same id. */
import { readFileSync } from 'node:fs';

/**
 * Start of a process in kernel ticks since boot; undefined when there is no such process, when only a zombie is left of
 * it, and where there is no /proc.
 */
export function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name may hold spaces and parentheses; fields count from after the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
