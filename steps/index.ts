/** Steps, whatever their verb: what Playwright, the host and the command line ask of them. */
import type { Drift, Step } from '../model/lab.ts';
import type { BrowserContext, ClusterContext } from './context.ts';
import type { Access, Nature } from './verb.ts';
import { verbOf } from './verbs.ts';

export type { Access, Nature } from './verb.ts';

export function natureOf(step: Step): Nature {
  return verbOf(step).nature;
}

export function needsBrowser(step: Step): boolean {
  return verbOf(step).needsBrowser;
}

/** The step as it is played where the drift holds. */
export function drifted(step: Step, drift: Drift): Step {
  return verbOf(step).drifted(step, drift);
}

/** What the user must be allowed to do for this step. */
export function accessOf(step: Step): readonly Access[] {
  return verbOf(step).access(step);
}

/** Plays one step against the cluster. @throws {StepFailure} when it does not hold. */
export function playOnCluster(step: Step, context: ClusterContext): Promise<void> {
  return verbOf(step).onCluster(step, context);
}

/** Plays one step in the browser. @throws {StepFailure} when it does not hold. */
export function playInBrowser(step: Step, context: BrowserContext): Promise<void> {
  return verbOf(step).inBrowser(step, context);
}
