/** Admission webhooks: MutatingWebhookConfigurations change a new object, ValidatingWebhookConfigurations check it. */
import { records, text } from '../../../model/fields.ts';
import type { Authorizer } from '../access/authorizer.ts';
import { refuseEscalation } from '../access/escalation.ts';
import { celValue, compile, evaluationFault } from '../cel/environment.ts';
import { clone, equal } from '../json.ts';
import { applyJsonPatch } from '../patch/patch.ts';
import type { Registry } from '../registry/registry.ts';
import { forbidden, StatusError } from '../status.ts';
import type { Store } from '../storage/store.ts';
import { type AdmissionView, type ApiObject, isApiObject, type User } from '../types.ts';
import type { Admitted, Webhook } from './admitted.ts';
import { callWebhook, type Verdict } from './call.ts';
import { admitClasses } from './classes.ts';
import { defaultByLimits, requireLimits } from './limit-range.ts';
import { judgeByPolicies } from './policies.ts';
import { requestVariable } from './policy-request.ts';
import { requireQuota } from './quota.ts';
import { selects } from './selects.ts';
import { admitServiceAccount } from './service-account.ts';

type Phase = 'mutating' | 'validating';

export interface AdmissionOptions {
  readonly store: Store;
  readonly registry: Registry;
  readonly authorizer: Authorizer;
  log(line: string): void;
}

export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /**
   * @returns the object after all webhooks.
   * @throws {StatusError} if one denies it.
   */
  async mutate(admitted: Admitted & { readonly object: ApiObject }): Promise<ApiObject> {
    const { store } = this.#options;
    admitServiceAccount(store, admitted);
    admitClasses(store, admitted);
    defaultByLimits(store, admitted);
    this.#admit(admitted);
    let { object } = admitted;
    const called: Webhook[] = [];
    for (const webhook of this.#selected('mutating', admitted)) {
      object = await this.#change(webhook, { ...admitted, object });
      called.push(webhook);
    }
    object = await this.#again(called, admitted, object);
    // Built-in admission also applies to what the webhooks added.
    if (object !== admitted.object) this.#admit({ ...admitted, object });
    return object;
  }

  #admit({ request, operation, object }: Admitted & { readonly object: ApiObject }): void {
    if (operation === 'CREATE' && request.subresource === undefined)
      request.kind.strategy.admit?.(object, this.#viewFor(request.user));
  }

  async validate(admitted: Admitted): Promise<void> {
    refuseEscalation(this.#options, admitted);
    judgeByPolicies(this.#options, admitted);
    requireLimits(this.#options.store, admitted);
    const webhooks = this.#selected('validating', admitted);
    await Promise.all(webhooks.map((webhook) => this.#ask(webhook, admitted)));
    // Last, so that a request which is refused for another reason uses no quota.
    requireQuota(this.#options.store, admitted);
  }

  #viewFor(user: User): AdmissionView {
    const { store, authorizer } = this.#options;
    return {
      user,
      get: (group, plural, key) => store.get(`${group}/${plural}`, key)?.object,
      list: (group, plural) => store.list(`${group}/${plural}`).map(({ object }) => object),
      allows: (who, attributes) => authorizer.allows({ user: who, attributes }),
    };
  }

  /** `reinvocationPolicy: IfNeeded`: webhooks other than the last one are called again, on the object as it is now. */
  async #again(called: Webhook[], admitted: Admitted, after: ApiObject): Promise<ApiObject> {
    let object = after;
    for (const webhook of called.slice(0, -1)) {
      if (webhook['reinvocationPolicy'] === 'IfNeeded') object = await this.#change(webhook, { ...admitted, object });
    }
    return object;
  }

  #selected(phase: Phase, admitted: Admitted): Webhook[] {
    const { group, plural } = admitted.request.kind;
    // Otherwise a failing webhook could never be deleted.
    if (group === 'admissionregistration.k8s.io') return [];
    const storage = `admissionregistration.k8s.io/${phase}webhookconfigurations`;
    const configurations = this.#options.store.list(storage);
    if (configurations.length === 0 || plural === 'events') return [];
    return configurations
      .flatMap(({ object }) => records(object['webhooks']))
      .filter((webhook) => selects(this.#options.store, webhook, admitted) && meetsConditions(webhook, admitted));
  }

  async #change(webhook: Webhook, admitted: Admitted & { readonly object: ApiObject }): Promise<ApiObject> {
    const { kind } = admitted.request;
    const verdict = await this.#ask(webhook, admitted);
    if (verdict.patch === undefined) return admitted.object;
    const patched = applyJsonPatch(admitted.object, verdict.patch);
    if (!isApiObject(patched) || equal(patched, admitted.object)) return admitted.object;
    const object = clone(kind.schema.decode(patched).object);
    kind.schema.applyDefaults(object);
    kind.strategy.defaults?.(object);
    return object;
  }

  async #ask(webhook: Webhook, admitted: Admitted): Promise<Verdict> {
    const name = text(webhook['name']);
    let verdict: Verdict;
    try {
      verdict = await callWebhook(this.#options.store, webhook, admitted);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (webhook['failurePolicy'] === 'Ignore') {
        this.#options.log(`webhook ${name} failed and is ignored: ${why}`);
        return { allowed: true, warnings: [] };
      }
      throw new StatusError(500, 'InternalError', `Internal error occurred: failed calling webhook "${name}": ${why}`);
    }
    admitted.request.warnings.push(...verdict.warnings);
    if (!verdict.allowed) throw denial(name, verdict);
    return verdict;
  }
}

/** @throws {StatusError} when a match condition cannot be evaluated and the failure policy is not `Ignore`. */
function meetsConditions(webhook: Webhook, admitted: Admitted): boolean {
  const conditions = records(webhook['matchConditions']);
  if (conditions.length === 0) return true;
  const { object, old } = admitted;
  const variables = {
    object: celValue(object ?? null),
    oldObject: celValue(old ?? null),
    request: requestVariable(admitted),
  };
  try {
    return conditions.every(({ expression }) => compile(text(expression))(variables) === true);
  } catch (error) {
    if (webhook['failurePolicy'] === 'Ignore') return false;
    const { kind } = admitted.request;
    throw forbidden(kind, text((object ?? old)?.metadata.name), evaluationFault(error));
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
