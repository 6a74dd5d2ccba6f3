/**
 * Rules that a proxy rejects. A proxy that rejects a configuration keeps its old one completely, so a single rule would
 * block every change. The rule is found by bisecting the new rules, and left out until it is changed.
 */
import type { KubeObject } from '../client/client.ts';
import { ruleKey } from './rule-key.ts';

type Rules = () => readonly KubeObject[];

/** The search with one proxy. */
interface Search {
  /** Rules that were accepted before or during the search. */
  readonly good: Set<string>;
  /** The remaining parts. The first one is being tried. */
  readonly parts: (readonly string[])[];
  /** The rules that the proxy rejected first. */
  readonly refused: Rules;
  readonly message: string;
  readonly bad: string[];
}

interface Rejection {
  readonly message: string;
  /** The rules that were in force at the rejection. The rule may conflict with one of them. */
  readonly beside: ReadonlySet<string>;
}

export class Rejections {
  /** The rejection of each rule that is left out. */
  readonly #rejected = new Map<string, Rejection>();
  /** The earlier message for each rule that is being tried again. */
  readonly #doubtful = new Map<string, string>();
  /** By the proxy's ID: the rules that were last sent to it, and the rules that it last accepted. */
  readonly #sent = new Map<string, Rules>();
  readonly #taken = new Map<string, Rules>();
  readonly #searches = new Map<string, Search>();
  readonly #log: (message: string) => void;

  constructor(log: (message: string) => void) {
    this.#log = log;
  }

  /** Whether a rule is left out for all proxies. */
  isRejected(rule: KubeObject): boolean {
    return this.#rejected.size > 0 && this.#rejected.has(ruleKey(rule));
  }

  /** @returns a proxy's rejection of the current version of a rule. */
  reason(rule: KubeObject): string | undefined {
    const key = ruleKey(rule);
    return this.#rejected.get(key)?.message ?? this.#doubtful.get(key);
  }

  /**
   * Called before a push: forgets rules that were deleted or changed, and tries rules again that may have conflicted with
   * them.
   * @param present all current rules.
   */
  reconsider(present: Rules): void {
    if (this.#rejected.size === 0 && this.#doubtful.size === 0) return;
    const keys = new Set(present().map(ruleKey));
    for (const [key, { message, beside }] of this.#rejected) {
      if (keys.has(key) && [...beside].every((one) => keys.has(one))) continue;
      this.#rejected.delete(key);
      if (keys.has(key)) this.#doubtful.set(key, message);
    }
    for (const key of this.#doubtful.keys()) if (!keys.has(key)) this.#doubtful.delete(key);
  }

  /** @returns a filter for the rules that a proxy gets during a search, `undefined` outside a search. */
  trial(proxy: string): ((rule: KubeObject) => boolean) | undefined {
    const search = this.#searches.get(proxy);
    if (search === undefined) return undefined;
    const tried = new Set(search.parts[0]);
    return (rule) => search.good.has(ruleKey(rule)) || tried.has(ruleKey(rule));
  }

  /** @param rules the rules that are now sent to the proxy. */
  sent(proxy: string, rules: Rules): void {
    this.#sent.set(proxy, rules);
  }

  /**
   * Called when a proxy has answered.
   * @param refusal the error message, or undefined if it accepted.
   * @returns the next action: send the proxy the next trial, or push to all proxies because a search has ended.
   */
  answered(proxy: string, refusal: string | undefined): 'nothing' | 'try' | 'push' {
    const search = this.#searches.get(proxy);
    if (search !== undefined) return this.#next(proxy, search, refusal !== undefined);
    const sent = this.#sent.get(proxy) ?? (() => []);
    if (refusal === undefined) {
      this.#taken.set(proxy, sent);
      return this.#cleared(sent) ? 'push' : 'nothing';
    }
    const taken = new Set(this.#taken.get(proxy)?.().map(ruleKey));
    const suspects = sent()
      .map(ruleKey)
      .filter((key) => !taken.has(key));
    if (suspects.length === 0) return 'nothing';
    // First try without any of them, because the fault may not be in a rule.
    this.#searches.set(proxy, {
      good: taken,
      parts: [[], ...halves(suspects)],
      refused: sent,
      message: essence(refusal),
      bad: [],
    });
    return 'try';
  }

  /** Called when a proxy has disconnected. */
  forget(proxy: string): void {
    for (const known of [this.#searches, this.#taken, this.#sent]) known.delete(proxy);
  }

  /** Whether a rule that was tried again has now been accepted, so that its status must be updated. */
  #cleared(taken: Rules): boolean {
    if (this.#doubtful.size === 0) return false;
    const keys = taken().map(ruleKey);
    return keys.map((key) => this.#doubtful.delete(key)).includes(true);
  }

  #next(proxy: string, search: Search, refused: boolean): 'try' | 'push' {
    const [tried = []] = search.parts.splice(0, 1);
    if (refused && tried.length === 0) {
      this.#log(`${proxy} rejects its configuration, but no rule is to blame: ${search.message}`);
      this.#searches.delete(proxy);
      this.#taken.set(proxy, search.refused);
      return 'push';
    }
    if (!refused) for (const key of tried) search.good.add(key);
    else if (tried.length === 1) search.bad.push(...tried);
    else search.parts.unshift(...halves(tried));
    if (search.parts.length > 0) return 'try';
    this.#searches.delete(proxy);
    for (const key of search.bad) {
      this.#rejected.set(key, { message: search.message, beside: new Set(search.good) });
      this.#doubtful.delete(key);
    }
    if (search.bad.length > 0) this.#log(`left out because ${proxy} rejects it: ${search.bad.join(', ')}`);
    return 'push';
  }
}

const LONGEST_MESSAGE = 600;

/** Envoy prints the whole configuration before the error. */
function essence(refusal: string): string {
  const [, found = refusal] = /(Proto constraint validation failed[\s\S]*)/.exec(refusal) ?? [];
  return found.length > LONGEST_MESSAGE ? `${found.slice(0, LONGEST_MESSAGE)}…` : found;
}

function halves(keys: readonly string[]): (readonly string[])[] {
  const middle = Math.ceil(keys.length / 2);
  return [keys.slice(0, middle), keys.slice(middle)].filter((part) => part.length > 0);
}
