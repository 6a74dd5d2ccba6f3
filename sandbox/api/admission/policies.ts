/** ValidatingAdmissionPolicies: CEL checks of a request's object (apiserver, pkg/admission/plugin/policy/validating). */

import { at, fields, items, listAt, records, recordsAt, text } from '../../../model/fields.ts';
import { celValue, compile, evaluationFault } from '../cel/environment.ts';
import type { Registry } from '../registry/registry.ts';
import { forbidden, StatusError } from '../status.ts';
import type { Store } from '../storage/store.ts';
import type { ApiObject } from '../types.ts';
import type { Admitted } from './admitted.ts';
import { paramsOf } from './policy-params.ts';
import { requestVariable } from './policy-request.ts';
import { selects } from './selects.ts';

const GROUP = 'admissionregistration.k8s.io';
const CODES: Readonly<Record<string, number>> = { Unauthorized: 401, Forbidden: 403, RequestEntityTooLarge: 413 };

interface Cluster {
  readonly store: Store;
  readonly registry: Registry;
}
interface Failure {
  readonly message: string;
  readonly reason: string;
}
type Variables = Record<string, unknown>;

/** Adds the warnings of bound policies to the request. @throws {StatusError} when a bound policy denies the request. */
export function judgeByPolicies(cluster: Cluster, admitted: Admitted): void {
  const { store } = cluster;
  if (admitted.request.kind.group === GROUP) return;
  const bindings = store.list(`${GROUP}/validatingadmissionpolicybindings`).map(({ object }) => object);
  if (bindings.length === 0) return;
  for (const binding of bindings) {
    const policy = store.get(`${GROUP}/validatingadmissionpolicies`, text(at(binding, 'spec', 'policyName')))?.object;
    if (policy === undefined || !applies(store, policy, binding, admitted)) continue;
    for (const failure of failuresOf(cluster, policy, binding, admitted)) act(policy, binding, admitted, failure);
  }
}

function applies(store: Store, policy: ApiObject, binding: ApiObject, admitted: Admitted): boolean {
  const constraints = fields(at(policy, 'spec', 'matchConstraints'));
  const narrowed = at(binding, 'spec', 'matchResources');
  return (
    matches(store, constraints, admitted) && (narrowed === undefined || matches(store, fields(narrowed), admitted))
  );
}

/** Constraints without resource rules (a binding may have none) match by their selectors alone. */
function matches(store: Store, constraints: Record<string, unknown>, admitted: Admitted): boolean {
  const { resourceRules, excludeResourceRules, namespaceSelector, objectSelector } = constraints;
  const named = (rules: unknown) =>
    records(rules).filter((rule) => {
      const names = items(rule['resourceNames']);
      return names.length === 0 || names.includes((admitted.object ?? admitted.old)?.metadata.name);
    });
  const anything = [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'] }];
  const rules = resourceRules === undefined ? anything : named(resourceRules);
  if (records(excludeResourceRules).length > 0 && selects(store, { rules: named(excludeResourceRules) }, admitted))
    return false;
  return selects(store, { rules, namespaceSelector, objectSelector }, admitted);
}

function failuresOf(cluster: Cluster, policy: ApiObject, binding: ApiObject, admitted: Admitted): Failure[] {
  const invalid = (message: string): Failure[] => failed(policy, message);
  const params = paramsOf(cluster, policy, binding, admitted);
  if (typeof params === 'string') return invalid(`failed to configure binding: ${params}`);
  return params.flatMap((one) => {
    const variables = variablesFor(cluster.store, policy, one, admitted);
    try {
      const conditions = recordsAt(policy, 'spec', 'matchConditions');
      if (!conditions.every(({ expression }) => compile(text(expression))(variables) === true)) return [];
    } catch (error) {
      return invalid(evaluationFault(error));
    }
    return recordsAt(policy, 'spec', 'validations').flatMap((rule) => failureOf(policy, rule, variables));
  });
}

function failureOf(policy: ApiObject, rule: Record<string, unknown>, variables: Variables): Failure[] {
  const expression = text(rule['expression']);
  try {
    if (compile(expression)(variables) === true) return [];
  } catch (error) {
    return failed(policy, `expression '${expression}' resulted in error: ${evaluationFault(error)}`);
  }
  const said = computed(text(rule['messageExpression']), variables) ?? text(rule['message']).trim();
  return [
    {
      message: said === '' ? `failed expression: ${expression.trim()}` : said,
      reason: text(rule['reason']) || 'Invalid',
    },
  ];
}

/** A request that a policy cannot evaluate is denied, unless the policy's `failurePolicy` is `Ignore`. */
function failed(policy: ApiObject, message: string): Failure[] {
  return at(policy, 'spec', 'failurePolicy') === 'Ignore' ? [] : [{ message, reason: 'Invalid' }];
}

/** Uses the fixed message when `messageExpression` fails, or gives an empty or multi-line text. */
function computed(expression: string, variables: Variables): string | undefined {
  if (expression === '') return undefined;
  try {
    const said = compile(expression)(variables);
    return typeof said === 'string' && said.trim() !== '' && !said.includes('\n') ? said.trim() : undefined;
  } catch {
    return undefined;
  }
}

function variablesFor(store: Store, policy: ApiObject, params: unknown, admitted: Admitted): Variables {
  const { object, old, request } = admitted;
  const namespace = request.kind.namespaced ? store.get('/namespaces', text(request.namespace))?.object : undefined;
  const own: Variables = {};
  const variables: Variables = {
    object: celValue(object ?? null),
    oldObject: celValue(old ?? null),
    request: requestVariable(admitted),
    params: celValue(params),
    namespaceObject: celValue(namespace ?? null),
    variables: own,
  };
  // A variable is computed on first use, and may use the variables before it.
  for (const { name, expression } of recordsAt(policy, 'spec', 'variables')) {
    Object.defineProperty(own, text(name), {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = compile(text(expression))(variables);
        Object.defineProperty(own, text(name), { enumerable: true, value });
        return value;
      },
    });
  }
  return variables;
}

function act(
  policy: ApiObject,
  binding: ApiObject,
  { request, object, old }: Admitted,
  { message, reason }: Failure,
): void {
  const actions = listAt(binding, 'spec', 'validationActions');
  const who = `ValidatingAdmissionPolicy '${policy.metadata.name}' with binding '${binding.metadata.name}'`;
  if (actions.includes('Warn')) request.warnings.push(`Validation failed for ${who}: ${message}`);
  if (!actions.includes('Deny')) return;
  const name = text((object ?? old)?.metadata.name);
  const refusal = forbidden(request.kind, name, `${who} denied request: ${message}`);
  const details = { ...refusal.details, causes: [{ reason: '', message }] };
  throw new StatusError(CODES[reason] ?? 422, reason, refusal.message, details);
}
