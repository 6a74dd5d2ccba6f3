/** Plays a session's steps as they are on its release, and adds to their outcome what their evidence rests on. */
import { driftOf } from '../language/drift.ts';
import type { Drift, Lab, Release, Step } from '../model/lab.ts';
import type { ClusterContext } from '../steps/context.ts';
import { drifted, natureOf } from '../steps/index.ts';
import { Clicking } from './clicking.ts';
import type { Environment } from './environment.ts';
import type { Environments } from './environments.ts';
import { FieldsWithoutEffect } from './fields-without-effect.ts';
import { assumedIn, figureSourcesOf } from './figure-sources.ts';
import { playStep } from './play-step.ts';
import { imitatedPartsOf } from './provenance.ts';
import type { ClickRequest, Clicks, StepOutcome } from './session-types.ts';

/** Whether a failure blocks the exercises after it, if the kind of step can. */
type Played = StepOutcome & { readonly blocks?: boolean };

export class StepPlayer {
  readonly #release: Release;
  readonly #environments: Environments;
  readonly #clicking = new Clicking();
  readonly #fields = new FieldsWithoutEffect();

  constructor(release: Release, environments: Environments) {
    this.#release = release;
    this.#environments = environments;
  }

  /** What a browser is to click in the web console for a step, before it is played. */
  async clicks(lab: Lab, step: Step, signal: AbortSignal): Promise<ClickRequest> {
    const { step: played } = this.#onRelease(lab, step);
    return this.#clicking.request(played, await this.#environments.current(lab), this.#context(lab, signal));
  }

  /** No browser clicks any more: what it created on a shared cluster is recorded. Idempotent. */
  endClicks(): Promise<void> {
    return this.#clicking.end();
  }

  /**
   * @param clicked what the browser has done for it in the web console.
   * @throws {ClusterError} if the step failed on a cluster that is gone.
   */
  async play(lab: Lab, step: Step, signal: AbortSignal, clicked?: Clicks): Promise<Played> {
    const { step: played, drift } = this.#onRelease(lab, step);
    await this.#clicking.end();
    const environment = await this.#environments.current(lab);
    const outcome = await playStep(played, environment, this.#context(lab, signal), clicked);
    if (outcome.failure !== undefined) await this.#environments.check(environment);
    return {
      ...outcome,
      ...(environment.cluster.kind === 'sandbox' ? await this.#restingOn(outcome, step, environment) : {}),
      ...(drift && { drift }),
      ...(clicked && { console: clicked.console }),
    };
  }

  /** Plays a step that only waits. @returns whether what it waits for came true. */
  async comesTrue(lab: Lab, step: Step, signal: AbortSignal): Promise<boolean> {
    await this.#clicking.end();
    const { step: played } = this.#onRelease(lab, step);
    const environment = await this.#environments.current(lab);
    return (await playStep(played, environment, this.#context(lab, signal))).failure === undefined;
  }

  #context({ callImage }: Lab, signal: AbortSignal): Pick<ClusterContext, 'figures' | 'callImage' | 'signal'> {
    return { figures: this.#release.figures, callImage, signal };
  }

  #onRelease(lab: Lab, step: Step): { readonly step: Step; readonly drift?: Drift } {
    const drift = driftOf(step, this.#release.name, lab.releases);
    return drift === undefined ? { step } : { step: drifted(step, drift), drift };
  }

  /** Which imitated parts of the sandbox the step read, and which of its fields have no effect there. */
  async #restingOn({ observations }: StepOutcome, step: Step, { api }: Environment): Promise<Partial<StepOutcome>> {
    const restsOn = await imitatedPartsOf(observations, api);
    const assumed = assumedIn(observations, await figureSourcesOf(this.#release.name));
    const withoutEffect = natureOf(step) === 'acts' ? await this.#fields.next(api) : [];
    return {
      ...(restsOn.length > 0 && { restsOn }),
      ...(assumed.length > 0 && { assumed }),
      ...(withoutEffect.length > 0 && { withoutEffect }),
    };
  }
}
