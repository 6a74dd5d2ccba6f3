/**
 * The file of a history: one JSON document per line, append-only. A line may be incomplete (a full disk, a machine that went down),
 * duplicated (folders merged again), or of another version: such lines are skipped and counted.
 */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import schema from '../../schemas/history.schema.json' with { type: 'json' };
import { plainAll } from '../plain.ts';
import { HISTORY_VERSION, type HistoryRun } from './record.ts';

export const HISTORY_FILE = 'history.jsonl';

const isRun = new Ajv2020({ strict: true }).compile<HistoryRun>(schema);

export interface History {
  /** Oldest first, without those that were merged into another run. */
  readonly runs: readonly HistoryRun[];
  readonly parts: readonly HistoryRun[];
  readonly skipped: Skipped;
}

/** How many lines were skipped, and why. */
export interface Skipped {
  readonly torn: number;
  readonly duplicate: number;
  /** Written by a newer Labwright. */
  readonly newer: number;
  /** JSON, but not a run. */
  readonly foreign: number;
}

/**
 * Appends runs to `history.jsonl` in the folder, which is created. A single `write` with O_APPEND, so that several runs may append
 * at once; on disk before it returns; redacted like everything that reporters write. An incomplete last line is terminated first
 * and otherwise left alone.
 * @throws if writing fails; an incomplete line does not count.
 */
export function appendRuns(directory: string, runs: readonly HistoryRun[]): void {
  if (runs.length === 0) return;
  mkdirSync(directory, { recursive: true });
  const file = openSync(join(directory, HISTORY_FILE), 'a+', 0o644);
  try {
    const lines = Buffer.from(`${endsTorn(file) ? '\n' : ''}${runs.map(lineOf).join('\n')}\n`);
    const written = writeSync(file, lines);
    fsyncSync(file);
    if (written < lines.length) throw new Error(`only ${written} of ${lines.length} bytes could be written`);
  } finally {
    closeSync(file);
  }
}

function lineOf({ labwright, ...run }: HistoryRun): string {
  return JSON.stringify({ labwright, ...Object(plainAll(run)) });
}

function endsTorn(file: number): boolean {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
}

/** Reads every `*.jsonl` file of the folders as one history. A missing folder is an empty one. */
export function readHistory(...directories: readonly string[]): History {
  return parseHistory(directories.flatMap((directory) => filesOf(directory).map((file) => readFileSync(file, 'utf8'))));
}

function filesOf(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.jsonl'))
      .sort()
      .map((name) => join(directory, name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** @param texts contents of files. */
export function parseHistory(texts: readonly string[]): History {
  const runs = new Map<string, HistoryRun>();
  const skipped = { torn: 0, duplicate: 0, newer: 0, foreign: 0 };
  for (const text of texts) {
    for (const line of text.split('\n')) {
      for (const piece of piecesOf(line)) takeLine(piece, runs, skipped);
    }
  }
  const parts = new Set([...runs.values()].flatMap((run) => run.parts ?? []));
  const sorted = [...runs.values()].sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
  return {
    runs: sorted.filter((run) => !parts.has(run.id)),
    parts: sorted.filter((run) => parts.has(run.id)),
    skipped,
  };
}

/**
 * An incomplete line may be followed by a complete one, from a process that appended at the same moment. Every line begins with the
 * same key, and no string inside a line can contain it, since JSON escapes quotes.
 */
function piecesOf(line: string): string[] {
  if (line.trim() === '') return [];
  const starts = [...line.matchAll(/\{"labwright":/g)].map((match) => match.index);
  if (starts.length === 0) return [line];
  const ends = [...starts.slice(1), line.length];
  const before = line.slice(0, starts[0]).trim();
  return [...(before === '' ? [] : [before]), ...starts.map((start, place) => line.slice(start, ends[place]))];
}

type Counts = { -readonly [K in keyof Skipped]: number };

function takeLine(line: string, runs: Map<string, HistoryRun>, skipped: Counts): void {
  let document: unknown;
  try {
    document = JSON.parse(line);
  } catch {
    skipped.torn += 1;
    return;
  }
  if (!isRun(document)) skipped[isNewer(document) ? 'newer' : 'foreign'] += 1;
  else if (Number.isNaN(Date.parse(document.startedAt))) skipped.foreign += 1;
  else if (runs.has(document.id)) skipped.duplicate += 1;
  else runs.set(document.id, document);
}

function isNewer(document: unknown): boolean {
  if (typeof document !== 'object' || document === null || !('labwright' in document)) return false;
  return typeof document.labwright === 'number' && document.labwright > HISTORY_VERSION;
}
