/** Compares two answers field by field. */
import { isRecord } from '../../../model/fields.ts';
import { IGNORED } from './differences.ts';

export interface Found {
  readonly path: string;
  /** The real server's value and the sandbox's. */
  readonly text: string;
}

/** @returns every path at which the answers differ, except paths that are ignored in all answers. */
export function differences(real: unknown, ours: unknown, path = ''): Found[] {
  if (isRecord(real) && isRecord(ours)) {
    const keys = [...new Set([...Object.keys(real), ...Object.keys(ours)])].sort();
    return keys.flatMap((key) => differences(real[key], ours[key], path === '' ? key : `${path}.${key}`));
  }
  if (Array.isArray(real) && Array.isArray(ours) && real.length === ours.length)
    return real.flatMap((item, index) => differences(item, ours[index], `${path}[${index}]`));
  if (JSON.stringify(real) === JSON.stringify(ours) || IGNORED.some((one) => one.path.test(path))) return [];
  return [{ path, text: `${path}: real ${show(real)}, ours ${show(ours)}` }];
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
