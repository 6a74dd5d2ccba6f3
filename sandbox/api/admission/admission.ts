/** Admission webhooks: MutatingWebhookConfigurations change an object on its way in, ValidatingWebhookConfigurations judge it. */
import { refuseEscalation } from '../access/escalation.ts';
import type { Core } from '../core.ts';
import { clone, equal, isFields, records, text } from '../json.ts';
import { applyJsonPatch } from '../patch/patch.ts';
import type { RestRequest } from '../rest/request.ts';
import { StatusError } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { callWebhook, type Verdict } from './call.ts';
import { selects } from './selects.ts';

export interface Admitted {
  readonly request: RestRequest;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly object: ApiObject | undefined;
  readonly old: ApiObject | undefined;
  readonly dryRun: boolean;
}

type Phase = 'mutating' | 'validating';
export type Webhook = Record<string, unknown>;

export class Admission {
  /** @returns the object as the webhooks left it. @throws {StatusError} when one denies it. */
  async mutate(core: Core, admitted: Admitted & { readonly object: ApiObject }): Promise<ApiObject> {
    let { object } = admitted;
    const called: Webhook[] = [];
    for (const webhook of this.#selected(core, 'mutating', admitted)) {
      object = await this.#change(core, webhook, { ...admitted, object });
      called.push(webhook);
    }
    return this.#again(core, called, admitted, object);
  }

  async validate(core: Core, admitted: Admitted): Promise<void> {
    refuseEscalation(core, admitted);
    const webhooks = this.#selected(core, 'validating', admitted);
    await Promise.all(webhooks.map((webhook) => this.#ask(core, webhook, admitted)));
  }

  /** `reinvocationPolicy: IfNeeded`: those who came before a change by another are asked once more. */
  async #again(core: Core, called: Webhook[], admitted: Admitted, after: ApiObject): Promise<ApiObject> {
    let object = after;
    for (const webhook of called.slice(0, -1)) {
      if (webhook['reinvocationPolicy'] === 'IfNeeded')
        object = await this.#change(core, webhook, { ...admitted, object });
    }
    return object;
  }

  #selected(core: Core, phase: Phase, admitted: Admitted): Webhook[] {
    const { group, plural } = admitted.request.kind;
    // A webhook that stands in its own way could never be removed.
    if (group === 'admissionregistration.k8s.io') return [];
    const storage = `admissionregistration.k8s.io/${phase}webhookconfigurations`;
    const configurations = core.store.list(storage);
    if (configurations.length === 0 || plural === 'events') return [];
    return configurations
      .flatMap(({ object }) => records(object['webhooks']))
      .filter((webhook) => selects(core, webhook, admitted));
  }

  async #change(core: Core, webhook: Webhook, admitted: Admitted & { readonly object: ApiObject }): Promise<ApiObject> {
    const { kind } = admitted.request;
    const verdict = await this.#ask(core, webhook, admitted);
    if (verdict.patch === undefined) return admitted.object;
    const patched = applyJsonPatch(admitted.object, verdict.patch);
    if (!isFields(patched) || equal(patched, admitted.object)) return admitted.object;
    const object = clone(kind.schema.decode(patched as ApiObject).object);
    kind.schema.applyDefaults(object);
    kind.strategy.defaults?.(object);
    return object;
  }

  async #ask(core: Core, webhook: Webhook, admitted: Admitted): Promise<Verdict> {
    const name = text(webhook['name']);
    let verdict: Verdict;
    try {
      verdict = await callWebhook(core, webhook, admitted);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (webhook['failurePolicy'] === 'Ignore') {
        core.log(`webhook ${name} failed and is ignored: ${why}`);
        return { allowed: true, warnings: [] };
      }
      throw new StatusError(500, 'InternalError', `Internal error occurred: failed calling webhook "${name}": ${why}`);
    }
    admitted.request.warnings.push(...verdict.warnings);
    if (!verdict.allowed) throw denial(name, verdict);
    return verdict;
  }
}

function denial(name: string, verdict: Verdict): StatusError {
  const { status } = verdict;
  const code = typeof status?.['code'] === 'number' && status['code'] >= 400 ? status['code'] : 403;
  const reason = text(status?.['reason']);
  const why = text(status?.['message']) || reason;
  const text_ = `admission webhook "${name}" denied the request${why === '' ? ' without explanation' : `: ${why}`}`;
  return new StatusError(code, reason === '' ? 'Forbidden' : reason, text_);
}
