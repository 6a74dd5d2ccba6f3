/** Compares the answers of two servers to one walk. */
import type { Answer } from '../api/call.ts';
import { differences } from '../api/compare.ts';
import { KNOWN, type WalkDifference } from './differences.ts';
import type { WalkedCall } from './generate.ts';

export interface Judged {
  /** A line for each place where the answers differ and no rule says why. */
  readonly unexplained: readonly string[];
  /** The rules that explained a difference. */
  readonly needed: ReadonlySet<WalkDifference>;
}

export function judge(calls: readonly WalkedCall[], real: readonly Answer[], ours: readonly Answer[]): Judged {
  const needed = new Set<WalkDifference>();
  const unexplained = calls.flatMap(({ step, method, path }, index) =>
    differences(real[index], ours[index]).flatMap((found) => {
      const rules = KNOWN.filter((rule) => rule.step.test(step) && rule.path.test(found.path));
      for (const rule of rules) needed.add(rule);
      return rules.length > 0 ? [] : [`${index} ${step} (${method} ${path}) ${found.text}`];
    }),
  );
  return { unexplained, needed };
}
