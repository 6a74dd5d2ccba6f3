/** A session's clicks in the web console: the tasks for the browser, and the objects that it may have created. */
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

  /** Called when the browser has clicked, or was lost before it could report that. Idempotent. */
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
    // The step is then played through the API, and reports the same error.
    if (error instanceof StepFailure) return { why: error.message };
    throw error;
  }
}
