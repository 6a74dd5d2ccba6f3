/** Whether a webhook's rules and selectors match a request. */
import { at, items, records, text } from '../../../model/fields.ts';
import { matchesSelector } from '../storage/selectors.ts';
import type { Store } from '../storage/store.ts';
import type { Admitted, Webhook } from './admitted.ts';

export function selects(store: Store, webhook: Webhook, admitted: Admitted): boolean {
  if (!records(webhook['rules']).some((rule) => ruleMatches(rule, admitted))) return false;
  return (
    namespaceMatches(store, webhook['namespaceSelector'], admitted) &&
    objectMatches(webhook['objectSelector'], admitted)
  );
}

function ruleMatches(rule: Record<string, unknown>, { request, operation }: Admitted): boolean {
  const { kind, subresource } = request;
  const one = (field: string, value: string) => items(rule[field]).some((item) => item === '*' || item === value);
  const scope = text(rule['scope']);
  if (scope === 'Namespaced' && !kind.namespaced) return false;
  if (scope === 'Cluster' && kind.namespaced) return false;
  return (
    one('operations', operation) &&
    one('apiGroups', kind.group) &&
    one('apiVersions', kind.version) &&
    resourceMatches(items(rule['resources']), kind.plural, subresource)
  );
}

function resourceMatches(patterns: readonly unknown[], plural: string, subresource: string | undefined): boolean {
  return patterns.some((pattern) => {
    const [resource, sub] = text(pattern).split('/');
    if (pattern === '*/*') return true;
    const named = resource === '*' || resource === plural;
    return named && (subresource === undefined ? sub === undefined : sub === '*' || sub === subresource);
  });
}

function namespaceMatches(store: Store, selector: unknown, { request, object, old }: Admitted): boolean {
  if (selector === undefined) return true;
  if (request.kind.storage === '/namespaces') return matchesSelector(selector, (object ?? old)?.metadata.labels ?? {});
  if (!request.kind.namespaced) return true;
  const namespace = store.get('/namespaces', request.namespace ?? '');
  return matchesSelector(selector, namespace?.object.metadata.labels ?? {});
}

function objectMatches(selector: unknown, { object, old }: Admitted): boolean {
  if (selector === undefined) return true;
  const labels = [object, old].filter((one) => one !== undefined).map((one) => at(one, 'metadata', 'labels') ?? {});
  return labels.some((one) => matchesSelector(selector, one));
}
