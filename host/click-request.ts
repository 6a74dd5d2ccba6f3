/** What a browser is to click in the web console for a step. */

import type { Step } from '../model/lab.ts';
import type { ClusterContext } from '../steps/context.ts';
import { StepFailure } from '../steps/failure.ts';
import { consoleTasksOf } from '../steps/index.ts';
import { resolveStep } from '../steps/resolve.ts';
import type { Environment } from './environment.ts';
import type { ClickRequest } from './session-types.ts';

/** @throws only for a fault of our own, or when `signal` is aborted. */
export async function clickRequestOf(
  step: Step,
  { cluster, terminal, api }: Environment,
  { figures, callImage, signal }: Pick<ClusterContext, 'figures' | 'callImage' | 'signal'>,
): Promise<ClickRequest> {
  if ('why' in cluster.console) return cluster.console;
  const { address } = cluster.console;
  const context = { terminal, api, figures, callImage, signal, observe: () => undefined };
  try {
    const asked = await consoleTasksOf(resolveStep(step, { release: figures }), context);
    return 'why' in asked ? asked : { address, tasks: asked.tasks };
  } catch (error) {
    // Played through the API, the step finds the same, and reports it.
    if (error instanceof StepFailure) return { why: error.message };
    throw error;
  }
}
