/**
 * Writes a condition into the status of rules, like Istio with its status feature on. `Reconciled` is True when all proxies
 * have the rule of `observedGeneration`. It is False, with the reason, if the rule is rejected or has fields without effect.
 */

import type { KubeObject } from '../client/client.ts';
import { Controller } from '../client/controller.ts';
import { EventRecorder } from '../client/events.ts';
import { type Informer, keyOf } from '../client/informer.ts';
import type { SandboxContext } from '../component.ts';
import { refusal, unsupportedIn } from './kinds/index.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}
interface WithStatus extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[]; readonly observedGeneration?: number };
}

/** The proxies' answers about the current version of a rule. */
export interface Verdicts {
  /** Why a proxy rejects it. */
  rejection(rule: KubeObject): string | undefined;
  /** The number of proxies that have it, once all proxies of its mesh do. */
  proxies(rule: KubeObject): number | undefined;
}

const TYPE = 'Reconciled';
/** Kinds whose status is written only for problems, because any change of a Gateway makes the operator rewrite its Route. */
const QUIET_KINDS = ['Gateway'];

/** Writes the status of the rules of all kinds that it follows. */
export class StatusReporters {
  readonly #context: SandboxContext;
  readonly #verdicts: Verdicts;
  readonly #events: EventRecorder;
  readonly #followed = new Map<string, { readonly informer: Informer<KubeObject>; readonly controller: Controller }>();

  constructor(context: SandboxContext, verdicts: Verdicts) {
    this.#context = context;
    this.#verdicts = verdicts;
    this.#events = new EventRecorder(context.client, 'istiod');
  }

  follow(informer: Informer<KubeObject>): void {
    const { kind } = informer.resource;
    const controller = new Controller(
      (key) => this.#report(informer, key),
      (key, error) => this.#context.log('mesh', `${kind} ${key}: ${String(error)}`),
    );
    this.#followed.set(kind, { informer, controller });
    informer.onChange(({ type, object }) => {
      if (type !== 'deleted') controller.enqueue(keyOf(object));
    });
  }

  /** Called when the proxies' answers about a rule have changed. */
  look(rule: KubeObject): void {
    this.#followed.get(rule.kind)?.controller.enqueue(keyOf(rule));
  }

  /** Called when the proxies' answers about any rules may have changed. */
  lookAgain(): void {
    for (const { informer, controller } of this.#followed.values())
      for (const rule of informer.list()) controller.enqueue(keyOf(rule));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#followed.values()].map(({ controller }) => controller.stop()));
  }

  async #report(informer: Informer<KubeObject>, key: string): Promise<void> {
    const rule: WithStatus | undefined = informer.get(key);
    if (rule === undefined) return;
    const conditions = rule.status?.conditions ?? [];
    const said = conditions.find(({ type }) => type === TYPE);
    const wanted = this.#problem(rule) ?? this.#success(rule);
    if (wanted === undefined ? said?.status !== 'False' : isSaid(wanted, rule)) return;
    if (wanted?.status === 'False') this.#context.log('mesh', `${rule.kind} ${key}: ${wanted.message}`);
    if (wanted?.reason === 'RejectedByProxy') this.#events.emit(rule, 'Warning', wanted.reason, wanted.message ?? '');
    const all = [...conditions.filter(({ type }) => type !== TYPE), ...(wanted === undefined ? [] : [wanted])];
    const { name, namespace, generation } = rule.metadata;
    const status = {
      conditions: all.length === 0 ? null : all,
      observedGeneration: wanted === undefined ? null : (generation ?? null),
    };
    await this.#context.client.patch(informer.resource, name, namespace, { status }, { subresource: 'status' });
  }

  #problem(rule: KubeObject): Condition | undefined {
    const no = (reason: string, message: string): Condition => ({ type: TYPE, status: 'False', reason, message });
    const invalid = refusal(rule);
    if (invalid !== undefined) return no('Invalid', invalid);
    const rejection = this.#verdicts.rejection(rule);
    if (rejection !== undefined) return no('RejectedByProxy', `left out, since a proxy refuses it: ${rejection}`);
    const unsupported = unsupportedIn(rule);
    return unsupported.length === 0 ? undefined : no('Unsupported', unsupported.join('; '));
  }

  #success(rule: KubeObject): Condition | undefined {
    const proxies = this.#verdicts.proxies(rule);
    if (proxies === undefined || QUIET_KINDS.includes(rule.kind)) return undefined;
    return { type: TYPE, status: 'True', reason: 'UpToDate', message: `${proxies}/${proxies} proxies up to date.` };
  }
}

/** The number of proxies changes often, so it is written only once per generation. */
function isSaid(wanted: Condition, { metadata, status }: WithStatus): boolean {
  const said = status?.conditions?.find(({ type }) => type === TYPE);
  if (said?.status !== wanted.status || said.reason !== wanted.reason) return false;
  if (status?.observedGeneration !== metadata.generation) return false;
  return wanted.status === 'True' || said.message === wanted.message;
}
