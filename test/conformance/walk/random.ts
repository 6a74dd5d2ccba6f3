/** Numbers that are the same for the same seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** @throws {RangeError} for an empty list. */
  pick<T>(list: readonly T[]): T {
    const index = Math.floor(this.next() * list.length);
    if (list.length === 0) throw new RangeError('nothing to pick from');
    return list[index] as T;
  }

  /** Some of the entries of an object, each with the same chance. */
  some<T extends object>(whole: T, share = 0.5): Partial<T> {
    return Object.fromEntries(Object.entries(whole).filter(() => this.chance(share))) as Partial<T>;
  }
}
