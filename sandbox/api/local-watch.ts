/** The events of a watch within the server's process: sent on one side, iterated on the other. */
import type { EventSink } from './http/event-sink.ts';

export class LocalWatch implements EventSink, AsyncIterable<string> {
  readonly #closed = new AbortController();
  readonly #signal: AbortSignal | undefined;
  #events: string[] = [];
  #wake: (() => void) | undefined;

  /** @param signal the client's, which ends the watch. */
  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  open(): void {
    this.#signal?.addEventListener('abort', this.#close, { once: true });
    if (this.#signal?.aborted) this.#close();
  }

  send(event: string): void {
    if (this.closed.aborted) return;
    this.#events.push(event);
    // In a later turn, so that changes made together arrive together.
    if (this.#events.length === 1) setImmediate(() => this.#wake?.());
  }

  /** What was sent before is still delivered. */
  end(): void {
    this.#close();
  }

  readonly #close = (): void => {
    this.#signal?.removeEventListener('abort', this.#close);
    this.#closed.abort();
    this.#wake?.();
  };

  /** Once. @throws the reason of the client's signal when it aborts. */
  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    try {
      for (;;) {
        this.#signal?.throwIfAborted();
        const events = this.#events;
        this.#events = [];
        for (const event of events) {
          yield event;
          this.#signal?.throwIfAborted();
        }
        if (this.#events.length > 0) continue;
        if (this.closed.aborted) break;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      this.#signal?.throwIfAborted();
    } finally {
      this.#close();
    }
  }
}
