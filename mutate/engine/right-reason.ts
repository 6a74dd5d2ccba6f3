/**
 * Decides whether a check caught the mistake, rather than something else failing at the same time: the step that failed
 * must belong to the mistake, and its message must name it.
 */
import type { Failure } from '../../model/evidence.ts';
import type { Section, Step } from '../../model/lab.ts';
import type { KillReason, Mutant } from '../model.ts';

/** A step belongs to a mistake if it contains one of its names, or if the mistake takes effect in its section. */
export function reasonOf(mutant: Mutant, step: Step, section: Section, failure: Failure | undefined): KillReason {
  const named = firstNamed(mutant.about, `${step.title}\n${step.yaml}`);
  const own = section.number === mutant.section ? `section ${section.number}` : undefined;
  const said = failure === undefined ? undefined : firstNamed(mutant.about, saidBy(failure));
  const belongs = named ?? own;
  return {
    ...(belongs === undefined ? {} : { step: belongs }),
    ...(said === undefined ? {} : { message: said }),
  };
}

function saidBy({ message, expected, actual, details = [] }: Failure): string {
  return [message, expected, actual, ...details.map(({ text }) => text)].join('\n');
}

/** Ignores addresses: a host name says where a step looked, not what it found. */
function firstNamed(names: readonly string[], text: string): string | undefined {
  const withoutAddresses = text.replace(/\w+:\/\/\S+/g, '');
  return names.find((name) => patternOf(name).test(withoutAddresses));
}

/** Matches whole words: not `v1` in `v10`, nor `apple` in `apple-tree`. A compound name may continue, as pod names do. */
function patternOf(name: string): RegExp {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return /[-.]/.test(name)
    ? new RegExp(`(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])`)
    : new RegExp(`(?<![\\w.-])${literal}(?![\\w-]|\\.\\w)`);
}
