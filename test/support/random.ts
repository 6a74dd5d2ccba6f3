/** Reproducible random choices: the same seed gives the same choices. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** @returns a number from 0 up to but not including 1 (mulberry32). */
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

  /** @returns a whole number below the limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** @throws {RangeError} for an empty list. */
  pick<T>(list: readonly T[]): T {
    const [first, ...others] = list;
    if (first === undefined) throw new RangeError('nothing to pick from');
    return this.one(first, ...others);
  }

  one<T>(first: T, ...others: readonly T[]): T {
    const all = [first, ...others];
    return all[this.below(all.length)] ?? first;
  }

  /** Usually one of the first list, sometimes one of the second. */
  mostly<T>(usual: readonly [T, ...T[]], odd: readonly [T, ...T[]]): T {
    const [first, ...others] = this.next() < 0.93 ? usual : odd;
    return this.one(first, ...others);
  }

  maybe<T>(make: () => T, chance = 0.3): T | undefined {
    return this.chance(chance) ? make() : undefined;
  }

  some<T>(most: number, make: (index: number) => T, least = 0): readonly T[] {
    return Array.from({ length: least + this.below(most - least + 1) }, (_, index) => make(index));
  }
}

/** Some fields of an object, each chosen with the same probability. */
export function someFields<T extends object>(random: Random, whole: T, share = 0.5): Partial<T> {
  const chosen: Partial<T> = { ...whole };
  for (const key in whole) if (!random.chance(share)) delete chosen[key];
  return chosen;
}

/** The object without undefined fields, as in JSON. */
export function written<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
