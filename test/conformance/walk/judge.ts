/** Compares the answers of two servers to one walk. */
import type { Answer } from '../api/call.ts';
import { differences } from '../api/compare.ts';
import { KNOWN, OWN_WARNING, type WalkDifference } from './differences.ts';
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
    differences(compared(real[index]), compared(ours[index])).flatMap((found) => {
      const rules = KNOWN.filter((rule) => rule.step.test(step) && rule.path.test(found.path));
      for (const rule of rules) needed.add(rule);
      return rules.length > 0 ? [] : [`${index} ${step} (${method} ${path}) ${found.text}`];
    }),
  );
  return { unexplained, needed };
}

function compared(answer: Answer | undefined): unknown {
  return inOrder(withoutOwnWarnings(answer));
}

function withoutOwnWarnings(answer: Answer | undefined): Answer | undefined {
  if (answer?.warnings === undefined) return answer;
  const { warnings, ...rest } = answer;
  const left = warnings.filter((warning) => !OWN_WARNING.test(warning));
  return left.length === 0 ? rest : { ...rest, warnings: left };
}

/** Sorts the conflicts of an apply: of several managers, the real server lists one or the other first. */
function inOrder(answer: Answer | undefined): unknown {
  return JSON.parse(JSON.stringify(answer ?? {}), (key, value: unknown) => {
    if (key !== 'causes' || !Array.isArray(value)) return value;
    const texts = value.map((cause) => JSON.stringify(cause));
    return texts.every((text) => text.includes('FieldManagerConflict')) ? texts.sort() : value;
  });
}
