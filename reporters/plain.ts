/** Makes foreign text safe to show: no secrets, no colour codes, nothing that could control a terminal. */
import { isAbsolute, relative } from 'node:path';
import { namesSecret, REDACTED, redact } from './redact.ts';

// CSI and OSC sequences first, then the remaining control characters (tab and newline stay).
const ESCAPES = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[@-_]/g;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
// Marks that reorder the displayed text ("Trojan Source").
const REORDERING = /[\u202a-\u202e\u2066-\u2069]/g;

/** @returns the text without escape sequences, control characters, reordering marks and credentials. */
export function plain(text: string): string {
  const shown = text.replace(ESCAPES, '').replaceAll('\r\n', '\n').replace(CONTROLS, '').replace(REORDERING, '\ufffd');
  return redact(shown.toWellFormed());
}

/** Makes every string in a value plain, including keys of objects, and redacts secrets by the name of their key. */
export function plainAll(value: unknown): unknown {
  if (typeof value === 'string') return plain(value);
  if (Array.isArray(value)) return value.map(plainAll);
  if (typeof value !== 'object' || value === null) return value;
  const isSecret = 'kind' in value && value.kind === 'Secret';
  const entries = Object.entries(value).map(([key, inner]) => {
    if (isSecret && (key === 'data' || key === 'stringData')) return [key, REDACTED] as const;
    const secret = namesSecret(key) && typeof inner === 'string';
    return [plain(key), secret ? REDACTED : plainAll(inner)] as const;
  });
  return Object.fromEntries(entries);
}

/** The last lines, preceded by a line that says how many were left out. */
export function tail(text: string, lines: number): string {
  const all = text.trimEnd().split('\n');
  if (all.length <= lines) return all.join('\n');
  return [`… ${all.length - lines} lines before`, ...all.slice(-lines)].join('\n');
}

/** The first and the last lines, if there are more than `lines`. */
export function abridge(text: string, lines: number): string {
  const all = text
    .trimEnd()
    .split('\n')
    .map((line) => (line.length > 2000 ? `${line.slice(0, 2000)} …` : line));
  if (all.length <= lines) return all.join('\n');
  const half = Math.floor(lines / 2);
  return [...all.slice(0, half), `… ${all.length - 2 * half} lines left out …`, ...all.slice(-half)].join('\n');
}

/** A file's path for people: relative to the working directory if it is below it. */
export function shownPath(file: string): string {
  const near = relative(process.cwd(), file);
  return isAbsolute(file) && !near.startsWith('..') && !isAbsolute(near) ? near : file;
}
