/** How values of options are read. */
import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { CONTROL_PLANES } from '../host/process/control-plane.ts';

/** For options that may be repeated, or given once with commas. */
export const list = (value: string, before: readonly string[]): string[] => [
  ...before,
  ...value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
];

export function positive(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError('a number from 1 to 99');
  return Number(text);
}

export function natural(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a positive whole number');
  return Number(text);
}

/** An absolute path. */
export const folder = (path: string): string => resolve(path);

export function controlPlane(): Option {
  const explained = 'what the sandbox runs on: the built-in API server and mesh control plane, or real ones';
  return new Option('--control-plane <which>', explained).choices(CONTROL_PLANES);
}
