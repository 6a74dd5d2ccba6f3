/** The probes of one run of a container: startup first, then liveness and readiness. */
import type { Container } from './kinds.ts';
import type { ProbeResult } from './probe-result.ts';
import { Prober, type ProbeTarget } from './probes.ts';

export interface ProbesHost {
  readonly target: ProbeTarget;
  event(type: 'Normal' | 'Warning', reason: string, message: string): void;
  /** Called when the result of a probe has changed. */
  changed(): void;
  /** The container must be restarted. */
  kill(): void;
}

export interface ProbesOptions {
  /** Whether probes succeed without being run. */
  readonly placeholder: boolean;
  /** Whether to skip the initial delay. Envoy is ready in a tenth of a second, but Istio's probe first waits a second. */
  readonly eager: boolean;
}

export class ContainerProbes {
  readonly #container: Container;
  readonly #host: ProbesHost;
  readonly #eager: boolean;
  #probers: Prober[] = [];
  #started: boolean;
  #ready: boolean;

  constructor(container: Container, host: ProbesHost, { placeholder, eager }: ProbesOptions) {
    this.#container = container;
    this.#host = host;
    this.#eager = eager;
    this.#started = container.startupProbe === undefined || placeholder;
    this.#ready = container.readinessProbe === undefined || placeholder;
    if (placeholder) return;
    if (this.#started) this.#followLife();
    else this.#followStart();
  }

  /** Whether the startup probe has succeeded. */
  get started(): boolean {
    return this.#started;
  }

  get ready(): boolean {
    return this.#started && this.#ready;
  }

  stop(): void {
    for (const prober of this.#probers) prober.stop();
    this.#probers = [];
  }

  #followStart(): void {
    const { startupProbe } = this.#container;
    if (startupProbe === undefined) return;
    const prober = new Prober(startupProbe, this.#host.target, (passes, result) => {
      if (!passes) {
        this.#unhealthy('Startup', result);
        this.#kill('startup');
        return;
      }
      prober.stop();
      this.#started = true;
      this.#host.changed();
      this.#followLife();
    });
    this.#probers.push(prober);
  }

  #followLife(): void {
    const { readinessProbe, livenessProbe } = this.#container;
    const { target } = this.#host;
    if (readinessProbe !== undefined) {
      const probe = this.#eager ? { ...readinessProbe, initialDelaySeconds: 0 } : readinessProbe;
      this.#probers.push(new Prober(probe, target, (passes, result) => this.#readiness(passes, result)));
    }
    if (livenessProbe !== undefined) {
      const onResult = (passes: boolean, result: ProbeResult): void => {
        if (passes) return;
        this.#unhealthy('Liveness', result);
        this.#kill('liveness');
      };
      this.#probers.push(new Prober(livenessProbe, target, onResult));
    }
  }

  #readiness(passes: boolean, result: ProbeResult): void {
    if (!passes) this.#unhealthy('Readiness', result);
    if (passes === this.#ready) return;
    this.#ready = passes;
    this.#host.changed();
  }

  #unhealthy(kind: string, result: ProbeResult): void {
    this.#host.event('Warning', 'Unhealthy', `${kind} probe failed: ${result.message}`);
  }

  #kill(kind: string): void {
    this.stop();
    this.#host.event('Normal', 'Killing', `Container ${this.#container.name} failed ${kind} probe, will be restarted`);
    this.#host.kill();
  }
}
