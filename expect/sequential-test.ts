/** Applies a stopping rule to answers, one by one, in the order of the requests. */
import type { Alternative, StoppingRule } from './stopping-rule.ts';

export type Stop =
  /** Every alternative is ruled out. */
  | { readonly boundary: 'right' }
  /** The counts indicate an alternative. */
  | { readonly boundary: 'wrong'; readonly alternative: Alternative }
  /** A value occurred that is not listed, or whose share is 0%. */
  | { readonly boundary: 'unlisted'; readonly value: string }
  /** The fixed-size test decided; `outside` is the value whose count was not accepted. */
  | { readonly boundary: 'cut-off'; readonly outside?: string };

export class SequentialTest {
  readonly rule: StoppingRule;
  readonly #sides: Side[];
  readonly #counts = new Map<string, number>();
  #requests = 0;
  #stop: Stop | undefined;

  constructor(rule: StoppingRule) {
    this.rule = rule;
    this.#sides = rule.alternatives.map((alternative) => new Side(alternative, rule));
    for (const { value } of rule.atCutOff) this.#counts.set(value, 0);
  }

  get requests(): number {
    return this.#requests;
  }

  /** Listed values first, in their order. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Why the sample ended; undefined while it continues. */
  get stop(): Stop | undefined {
    return this.#stop;
  }

  /** A correct split can't be accepted before this many further requests; at least 1 while the test continues. */
  get fewestLeft(): number {
    const needed = this.#sides.map((side) => side.fewestLeft);
    return Math.min(Math.max(1, ...needed), this.rule.cutOff - this.#requests);
  }

  /** Counts the next answer. After the split was accepted, only an answer that must not occur is still counted. */
  add(value: string): void {
    const permitted = this.rule.atCutOff.some((listed) => listed.value === value && listed.to > 0);
    if (this.#stop !== undefined && (permitted || this.#stop.boundary !== 'right')) return;
    this.#requests += 1;
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
    this.#stop = permitted ? this.#evaluate(value) : { boundary: 'unlisted', value };
  }

  #evaluate(value: string): Stop | undefined {
    for (const side of this.#sides) side.add(side.alternative.value === value);
    const proven = this.#sides.find(({ state }) => state === 'proven');
    if (proven !== undefined) return { boundary: 'wrong', alternative: proven.alternative };
    if (this.#sides.every(({ state }) => state === 'ruled out')) return { boundary: 'right' };
    if (this.#requests < this.rule.cutOff) return undefined;
    const outside = this.rule.atCutOff.find(({ value: listed, from, to }) => {
      const count = this.#counts.get(listed) ?? 0;
      return count < from || count > to;
    });
    return outside === undefined ? { boundary: 'cut-off' } : { boundary: 'cut-off', outside: outside.value };
  }
}

/** One alternative's likelihood ratio, as a logarithm. */
class Side {
  readonly alternative: Alternative;
  readonly #hit: number;
  readonly #other: number;
  readonly #proven: number;
  readonly #ruledOut: number;
  #ratio = 0;
  state: 'open' | 'ruled out' | 'proven' = 'open';

  constructor(alternative: Alternative, rule: StoppingRule) {
    const { share, against } = alternative;
    this.alternative = alternative;
    this.#hit = Math.log(against / share);
    this.#other = Math.log((1 - against) / (1 - share));
    this.#proven = Math.log(rule.wrongAt);
    this.#ruledOut = Math.log(rule.ruledOutAt);
  }

  add(isHit: boolean): void {
    if (this.state !== 'open') return;
    this.#ratio += isHit ? this.#hit : this.#other;
    if (this.#ratio >= this.#proven) this.state = 'proven';
    else if (this.#ratio <= this.#ruledOut) this.state = 'ruled out';
  }

  /** Requests that rule it out if each of them counts as strongly as possible against it. */
  get fewestLeft(): number {
    if (this.state !== 'open') return 0;
    return Math.ceil((this.#ratio - this.#ruledOut) / -Math.min(this.#hit, this.#other));
  }
}
