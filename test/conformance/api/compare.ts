/** Where two answers differ, field by field. */
import { IGNORED } from './differences.ts';

/** @returns one line per field: path, what the real one says, what ours says. */
export function differences(real: unknown, ours: unknown, path = ''): string[] {
  if (isRecord(real) && isRecord(ours)) {
    const keys = [...new Set([...Object.keys(real), ...Object.keys(ours)])].sort();
    return keys.flatMap((key) => differences(real[key], ours[key], path === '' ? key : `${path}.${key}`));
  }
  if (Array.isArray(real) && Array.isArray(ours) && real.length === ours.length)
    return real.flatMap((item, index) => differences(item, ours[index], `${path}[${index}]`));
  if (JSON.stringify(real) === JSON.stringify(ours) || IGNORED.some((one) => one.path.test(path))) return [];
  return [`${path}: real ${show(real)}, ours ${show(ours)}`];
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
