/** Plays one step on the cluster, and returns its observations and its failure. */
import type { Observation } from '../model/evidence.ts';
import { isInternalFault } from '../model/internal-fault.ts';
import type { Step } from '../model/lab.ts';
import type { ClusterContext } from '../steps/context.ts';
import { StepFailure } from '../steps/failure.ts';
import { judgeClicks, needsBrowser, playOnCluster } from '../steps/index.ts';
import { resolveStep } from '../steps/resolve.ts';
import type { Environment } from './environment.ts';
import { explained } from './explained.ts';
import { redactDeep, redactor } from './redact.ts';
import type { Clicks, StepOutcome } from './session-types.ts';

/**
 * @param clicked what a browser has done for the step in the web console: then it is judged, not played.
 * @throws only for a fault of our own, or when `signal` is aborted; a finding about the lab is in the outcome.
 */
export async function playStep(
  step: Step,
  environment: Environment,
  { figures, callImage, signal }: Pick<ClusterContext, 'figures' | 'callImage' | 'signal'>,
  clicked?: Clicks,
): Promise<StepOutcome & { readonly blocks?: boolean }> {
  if (needsBrowser(step)) throw new Error(`${step.verb} is played in the browser`);
  const redact = redactor(environment.cluster.secrets);
  const observations: Observation[] = redactDeep([...(clicked?.observations ?? [])], redact);
  const context: ClusterContext = {
    terminal: environment.terminal,
    api: environment.api,
    figures,
    callImage,
    signal,
    observe: (observation) => observations.push(redactDeep(observation, redact)),
  };
  const seen = environment.cluster.history?.watch();
  try {
    if (clicked?.failure !== undefined) throw new StepFailure(clicked.failure);
    const resolved = resolveStep(step, { release: figures });
    await (clicked?.console.by === 'clicks' ? judgeClicks(resolved, context) : playOnCluster(resolved, context));
    return { observations };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof StepFailure) {
      const at = error.failure.at.file === '' ? step.at : error.failure.at;
      const failure = await explained({ ...error.failure, at }, environment);
      return { observations, failure: redactDeep(failure, redact), blocks: error.blocks };
    }
    if (isInternalFault(error)) throw error;
    const failure = {
      code: 'LW-CLUSTER',
      message: `${step.verb} could not be played: ${error instanceof Error ? error.message : String(error)}`,
      at: step.at,
      next: 'npx labwright doctor',
    };
    return { observations, failure: redactDeep(failure, redact) };
  } finally {
    const calls = seen?.();
    if (calls !== undefined) context.observe(calls);
  }
}
