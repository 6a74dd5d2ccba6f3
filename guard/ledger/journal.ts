/** Writes a change into the ledger twice: the intent before it is sent to the cluster, and the result after. */
import type { Rest } from '../../kube/rest.ts';
import type { Intent, Snapshot } from './entry.ts';
import type { Ledger } from './ledger.ts';
import type { KubeObject } from './object.ts';

export interface Result {
  /** The object that the call created. */
  readonly made?: KubeObject | undefined;
  /** A changed object as the call left it. */
  readonly after?: Snapshot | undefined;
}

export class Journal {
  readonly #ledger: Ledger;
  readonly #rest: Rest;

  /** @param rest for the server's clock. */
  constructor(ledger: Ledger, rest: Rest) {
    this.#ledger = ledger;
    this.#rest = rest;
  }

  async announce(intent: Omit<Intent, 'type' | 'seq' | 'at'>): Promise<Intent> {
    const entry: Intent = { type: 'intent', seq: this.#ledger.nextSequence(), at: this.#now(), ...intent };
    await this.#ledger.append(entry);
    return entry;
  }

  /** @param status of the answer; 0 if there was none. */
  async conclude({ seq }: Intent, status: number, { made, after }: Result = {}): Promise<void> {
    await this.#ledger.append({
      type: 'result',
      seq,
      at: this.#now(),
      // After a server error it is unknown whether the change was made.
      status: status >= 500 ? 0 : status,
      ...(made === undefined ? {} : { uid: made.metadata.uid, name: made.metadata.name }),
      ...(after === undefined ? {} : { after }),
    });
  }

  #now(): string {
    return new Date(this.#rest.serverTime()).toISOString();
  }
}
