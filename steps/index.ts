/** The verbs: what each does, whether it acts, and where it runs. */
import type { Step, Verb } from '../model/lab.ts';
import { apply } from './apply.ts';
import { browse } from './browse.ts';
import { call } from './call.ts';
import type { BrowserContext, ClusterContext } from './context.ts';
import { deleteObjects } from './delete.ts';
import { operator } from './operator.ts';
import { ready } from './ready.ts';
import { run } from './run.ts';
import { sample } from './sample.ts';
import { timed } from './wait.ts';

/** Catch-up plays what acts and what waits; the rest only looks. */
export type Nature = 'acts' | 'waits' | 'observes';

const NATURE: Readonly<Record<Verb, Nature>> = {
  run: 'acts',
  check: 'observes',
  apply: 'acts',
  delete: 'acts',
  operator: 'acts',
  ready: 'waits',
  browse: 'observes',
  sample: 'observes',
  call: 'observes',
};

export function natureOf(step: Step): Nature {
  return NATURE[step.verb];
}

export type BrowserStep = Extract<Step, { verb: 'browse' | 'sample' }>;
export type ClusterStep = Exclude<Step, BrowserStep>;

export function needsBrowser(step: Step): step is BrowserStep {
  return step.verb === 'browse' || step.verb === 'sample';
}

/** Plays one step against the cluster. @throws {StepFailure} when it does not hold. */
export function playOnCluster(step: ClusterStep, context: ClusterContext): Promise<void> {
  // A call's deadline begins when the pod to call from is there: it tells its own wait.
  return step.verb === 'call' ? call(step, context) : timed(step, context, () => playVerb(step, context));
}

function playVerb(step: Exclude<ClusterStep, { verb: 'call' }>, context: ClusterContext): Promise<void> {
  switch (step.verb) {
    case 'run':
    case 'check':
      return run(step, context);
    case 'apply':
      return apply(step, context);
    case 'delete':
      return deleteObjects(step, context);
    case 'operator':
      return operator(step, context);
    case 'ready':
      return ready(step, context);
  }
}

/** Plays one step in the browser. @throws {StepFailure} when it does not hold. */
export function playInBrowser(step: BrowserStep, context: BrowserContext): Promise<void> {
  return step.verb === 'browse' ? timed(step, context, () => browse(step, context)) : sample(step, context);
}
