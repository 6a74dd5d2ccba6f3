/** The ledger of one run: a file of JSON lines; each line is on disk before anything relies on it. */

import { type FileHandle, mkdir, open, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ClusterError } from '../../kube/connection.ts';
import { isRecord } from '../../model/fields.ts';
import { type Begin, type Entry, LEDGER_VERSION } from './entry.ts';
import { Inventory } from './inventory.ts';

/** Folder of the ledgers, below the folder of the reports. */
export const LEDGER_FOLDER = 'ledger';

/** Receives every line in addition to the file. */
export interface Replica {
  append(entry: Entry): Promise<void>;
}

export class Ledger {
  readonly begin: Begin;
  readonly inventory: Inventory;
  readonly #file: FileHandle | undefined;
  readonly #replica: Replica | undefined;
  #queue: Promise<void> = Promise.resolve();
  #sequence: number;

  private constructor(entries: readonly Entry[], file: FileHandle | undefined, replica: Replica | undefined) {
    this.begin = beginOf(entries);
    this.inventory = new Inventory(entries);
    this.#file = file;
    this.#replica = replica;
    this.#sequence = Math.max(0, ...entries.map((entry) => ('seq' in entry ? entry.seq : 0)));
  }

  /** Starts a ledger. @throws {ClusterError} `LW-LEDGER` if its file can't be written. */
  static async create(reports: string, begin: Begin, replica?: Replica): Promise<Ledger> {
    const path = ledgerFile(reports, begin.run.id);
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const ledger = new Ledger([begin], await open(path, 'ax', 0o600), replica);
      await ledger.#write(begin);
      return ledger;
    } catch (error) {
      throw unusable(path, error);
    }
  }

  /** Continues the ledger of a run that has ended, or whose process has. @throws {ClusterError} `LW-LEDGER` */
  static async resume(reports: string, run: string, replica?: Replica): Promise<Ledger> {
    const path = ledgerFile(reports, run);
    try {
      const text = await readFile(path, 'utf8');
      const entries = parseLedger(text);
      const file = await open(path, 'a', 0o600);
      // The last line of a killed process may be incomplete.
      if (text !== '' && !text.endsWith('\n')) await file.write('\n');
      return new Ledger(entries, file, replica);
    } catch (error) {
      throw unusable(path, error);
    }
  }

  /** From the copy on the cluster; further lines are written only there. @throws {ClusterError} `LW-LEDGER` */
  static fromReplica(entries: readonly Entry[], replica: Replica): Ledger {
    return new Ledger(entries, undefined, replica);
  }

  get run(): Begin['run'] {
    return this.begin.run;
  }

  nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  /** Resolves when the line is on disk and, if the cluster is reachable, in the copy. */
  append(entry: Entry): Promise<void> {
    // The inventory is updated at once; nobody may act on the line before it is written.
    this.inventory.add(entry);
    const written = this.#queue.then(() => this.#write(entry));
    this.#queue = written.catch(() => undefined);
    return written;
  }

  async close(): Promise<void> {
    await this.#queue;
    await this.#file?.close();
  }

  async #write(entry: Entry): Promise<void> {
    if (this.#file !== undefined) {
      await this.#file.write(`${JSON.stringify(entry)}\n`);
      await this.#file.datasync();
    }
    await this.#replica?.append(entry);
  }
}

/** @returns ids of the runs with ledgers below `reports`, those not cleaned up first. */
export async function localRuns(reports: string): Promise<readonly { id: string; begin: Begin; done: boolean }[]> {
  const names = await readdir(join(reports, LEDGER_FOLDER)).catch(() => []);
  const runs = [];
  for (const name of names.filter((one) => one.endsWith('.jsonl')).sort()) {
    const entries = parseLedger(await readFile(join(reports, LEDGER_FOLDER, name), 'utf8'));
    const begin = entries.find((entry) => entry.type === 'begin');
    if (begin !== undefined)
      runs.push({ id: begin.run.id, begin, done: entries.some((entry) => entry.type === 'done') });
  }
  return runs.sort((a, b) => Number(a.done) - Number(b.done));
}

/** Reading stops at an incomplete line; all lines before it are valid. */
export function parseLedger(text: string): Entry[] {
  return text.split('\n').flatMap((line) => {
    try {
      const entry: unknown = JSON.parse(line);
      return isEntry(entry) ? [entry] : [];
    } catch {
      return [];
    }
  });
}

/** Only the ledger writes its lines. */
function isEntry(value: unknown): value is Entry {
  return isRecord(value) && typeof value['type'] === 'string';
}

function ledgerFile(reports: string, run: string): string {
  return join(reports, LEDGER_FOLDER, `${run}.jsonl`);
}

function beginOf(entries: readonly Entry[]): Begin {
  const begin = entries.find((entry) => entry.type === 'begin');
  if (begin === undefined) throw new Error('its first line is missing, so its run and cluster are not known');
  if (begin.version !== LEDGER_VERSION)
    throw new Error(`it has version ${begin.version}, and this Labwright reads version ${LEDGER_VERSION}`);
  return begin;
}

function unusable(path: string, error: unknown): ClusterError {
  const why = error instanceof Error ? error.message : String(error);
  return new ClusterError(
    'LW-LEDGER',
    `the ledger ${path} can't be used: ${why}`,
    'npx labwright cleanup --kubeconfig F',
  );
}
