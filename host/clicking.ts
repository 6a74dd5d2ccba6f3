/** The clicks of a session in the web console: what a browser is asked for, and what it may have created when it is done. */
import type { Step } from '../model/lab.ts';
import type { ClusterContext } from '../steps/context.ts';
import { StepFailure } from '../steps/failure.ts';
import { consoleTasksOf } from '../steps/index.ts';
import { resolveStep } from '../steps/resolve.ts';
import { createdBy } from './console/created.ts';
import type { Environment } from './environment.ts';
import type { ClickRequest } from './session-types.ts';

type Context = Pick<ClusterContext, 'figures' | 'callImage' | 'signal'>;

export class Clicking {
  /** On a shared cluster: records what the browser has created. */
  #over: (() => Promise<void>) | undefined;

  /**
   * @param step as it is played on this release.
   * @throws only for a fault of our own, or when the signal is aborted.
   */
  async request(step: Step, environment: Environment, context: Context): Promise<ClickRequest> {
    const request = await requestFor(step, environment, context);
    if ('tasks' in request) {
      await this.end();
      this.#over = await environment.cluster.history?.announce(createdBy(request.tasks));
    }
    return request;
  }

  /** The browser has clicked, or did not live to say so. Idempotent. */
  async end(): Promise<void> {
    const over = this.#over;
    this.#over = undefined;
    await over?.();
  }
}

async function requestFor(
  step: Step,
  { cluster, terminal, api }: Environment,
  { figures, callImage, signal }: Context,
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
