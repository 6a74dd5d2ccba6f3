/** Steps of any verb: the functions that Playwright, the host and the CLI use. */
import type { Drift, Step } from '../model/lab.ts';
import type { BrowserContext, ClusterContext } from './context.ts';
import type { Access, ConsoleTasks, Nature } from './verb.ts';
import { verbOf } from './verbs.ts';

export type { Access, ConsoleTasks, Nature } from './verb.ts';

export function natureOf(step: Step): Nature {
  return verbOf(step).nature;
}

export function needsBrowser(step: Step): boolean {
  return verbOf(step).needsBrowser;
}

/** The step as it is played if the drift applies. */
export function drifted(step: Step, drift: Drift): Step {
  return verbOf(step).drifted(step, drift);
}

/** The permissions that the user needs for this step. */
export function accessOf(step: Step): readonly Access[] {
  return verbOf(step).access(step);
}

/** Plays one step against the cluster. @throws {StepFailure} if it fails. */
export function playOnCluster(step: Step, context: ClusterContext): Promise<void> {
  return verbOf(step).onCluster(step, context);
}

/** Plays one step in the browser. @throws {StepFailure} if it fails. */
export function playInBrowser(step: Step, context: BrowserContext): Promise<void> {
  return verbOf(step).inBrowser(step, context);
}

/** What a browser clicks in the web console for a step with `console:`; looked up on the cluster. @throws {StepFailure} */
export function consoleTasksOf(step: Step, context: ClusterContext): Promise<ConsoleTasks> {
  return verbOf(step).consoleTasks(step, context);
}

/** Judges a step that was clicked in the web console; changes nothing. @throws {StepFailure} if it came to something else. */
export function judgeClicks(step: Step, context: ClusterContext): Promise<void> {
  return verbOf(step).judgeClicks(step, context);
}
