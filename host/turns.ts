/** Work that is done one piece at a time, in the order it was asked for. */
export class Turns {
  #queue: Promise<unknown> = Promise.resolve();

  /** @param signal work that is aborted before its turn is not begun. */
  take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(() => {
      signal.throwIfAborted();
      return work();
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}
