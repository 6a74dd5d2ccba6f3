/**
 * The ledger's second copy, on the cluster itself: Secrets, since it may contain the earlier state of a Secret. Cleanup reads it if
 * the reports are lost, or were never on this machine.
 */

import { gunzipSync, gzipSync } from 'node:zlib';
import { ApiError, type Rest } from '../../kube/rest.ts';
import { at, recordsAt, text, textMap } from '../../model/fields.ts';
import type { Entry } from './entry.ts';
import { parseLedger, type Replica } from './ledger.ts';

/** A label on every object that Labwright keeps for itself. */
export const RUN_LABEL = 'labwright.dev/run';
/** Uncompressed size; a Secret may have 1 MiB. */
const CHUNK_BYTES = 512 * 1024;

interface SecretObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
}

export class SecretReplica implements Replica {
  readonly #rest: Rest;
  readonly #namespace: string;
  readonly #run: string;
  readonly #onTrouble: (why: string) => void;
  #lines = '';
  #chunk: number;
  #made = false;
  #writing: Promise<void> | undefined;
  #behind = false;

  /** @param onTrouble called once if the cluster can't be written to; the file on this machine is still written. */
  constructor(rest: Rest, namespace: string, run: string, onTrouble: (why: string) => void, chunk = 0) {
    this.#rest = rest;
    this.#namespace = namespace;
    this.#run = run;
    this.#onTrouble = onTrouble;
    this.#chunk = chunk;
  }

  /** The runs that have lines on the cluster. @throws {ApiError} */
  static async runs(rest: Rest, namespace: string): Promise<readonly string[]> {
    const secrets = await list(rest, namespace, RUN_LABEL);
    return [...new Set(secrets.flatMap(({ metadata }) => metadata.labels?.[RUN_LABEL] ?? []))].sort();
  }

  /**
   * @returns the run's lines, and a replica that continues after them.
   * @throws {ApiError}
   */
  static async load(
    rest: Rest,
    namespace: string,
    run: string,
    onTrouble: (why: string) => void,
  ): Promise<{ entries: Entry[]; replica: SecretReplica }> {
    const secrets = await list(rest, namespace, `${RUN_LABEL}=${run}`);
    const chunks = secrets.sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
    const entries = chunks.flatMap(({ data }) => {
      const packed = data?.['ledger'];
      return packed === undefined ? [] : parseLedger(gunzipSync(Buffer.from(packed, 'base64')).toString('utf8'));
    });
    return { entries, replica: new SecretReplica(rest, namespace, run, onTrouble, chunks.length) };
  }

  /** Never throws: lines that can't be written now are written with a later one. */
  async append(entry: Entry): Promise<void> {
    const line = `${JSON.stringify(entry)}\n`;
    if (this.#made && this.#lines.length + line.length > CHUNK_BYTES && !this.#behind) {
      await this.#writing;
      this.#chunk += 1;
      this.#lines = '';
      this.#made = false;
    }
    this.#lines += line;
    const writing = (this.#writing ?? Promise.resolve()).then(() => this.#write());
    this.#writing = writing;
    await writing;
  }

  /** Deletes the run's lines on the cluster. @throws {ApiError} */
  async remove(): Promise<void> {
    await this.#writing;
    for (const { metadata } of await list(this.#rest, this.#namespace, `${RUN_LABEL}=${this.#run}`)) {
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: metadata.uid } };
      await this.#rest.json('DELETE', `${secretsOf(this.#namespace)}/${metadata.name}`, { body }).catch((error) => {
        if (!(error instanceof ApiError && (error.code === 404 || error.code === 409))) throw error;
      });
    }
  }

  async #write(): Promise<void> {
    const data = { ledger: gzipSync(this.#lines).toString('base64') };
    const path = secretsOf(this.#namespace);
    try {
      if (this.#made) {
        await this.#rest.json('PATCH', `${path}/${this.#name}`, {
          body: { data },
          contentType: 'application/merge-patch+json',
        });
      } else {
        const metadata = { name: this.#name, labels: { [RUN_LABEL]: this.#run } };
        await this.#rest.json('POST', path, { body: { apiVersion: 'v1', kind: 'Secret', metadata, data } });
        this.#made = true;
      }
      this.#behind = false;
    } catch (error) {
      // The answer to the first write may have been lost.
      if (error instanceof ApiError && error.code === 409) this.#made = true;
      if (!this.#behind) this.#onTrouble(error instanceof Error ? error.message : String(error));
      this.#behind = true;
    }
  }

  get #name(): string {
    return `labwright-ledger-${this.#run}-${String(this.#chunk).padStart(4, '0')}`;
  }
}

function secretsOf(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`;
}

async function list(rest: Rest, namespace: string, labelSelector: string): Promise<SecretObject[]> {
  const query = new URLSearchParams({ labelSelector });
  const answer = await rest.json('GET', `${secretsOf(namespace)}?${query}`);
  return recordsAt(answer, 'items').map(({ metadata, data }) => ({
    metadata: {
      name: text(at(metadata, 'name')),
      uid: text(at(metadata, 'uid')),
      labels: textMap(at(metadata, 'labels')),
    },
    data: textMap(data),
  }));
}
