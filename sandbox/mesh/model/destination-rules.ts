/**
 * Which DestinationRule applies to a host (istiod, `PushContext.destinationRule`): it is looked up in the client's namespace, then
 * the service's, then the root namespace; within a namespace the most specific host wins. Rules of one namespace for the same host
 * are merged: subsets are combined, and the oldest traffic policy is used.
 */
import type { DestinationRule } from './destination-rule.ts';
import { isPrivate, isVisible, mostSpecific } from './hosts.ts';
import { qualify } from './names.ts';

type ByHost = Map<string, DestinationRule>;

export class DestinationRules {
  readonly #root: string;
  /** Rules that clients in the same namespace find. */
  readonly #local = new Map<string, ByHost>();
  /** Rules that clients in other namespaces find. */
  readonly #exported = new Map<string, ByHost>();
  /** Rules of the root namespace that apply only there. */
  readonly #rootOnly: ByHost = new Map();

  /** @param rules oldest first. */
  constructor(root: string, rules: readonly DestinationRule[]) {
    this.#root = root;
    for (const rule of rules) {
      const { namespace = '' } = rule.metadata;
      if (isVisible(rule, namespace)) merge(hostsOf(this.#local, namespace), rule);
      if (!isPrivate(rule)) merge(hostsOf(this.#exported, namespace), rule);
      else if (namespace === root) merge(this.#rootOnly, rule);
    }
  }

  /** @param from the client's namespace. */
  find(host: string, serviceNamespace: string, from: string): DestinationRule | undefined {
    // A catch-all rule of the root namespace must not hide the service's own rules from gateways there.
    const own = from === this.#root ? this.#rootOnly : this.#local.get(from);
    return (
      lookUp(own, host) ??
      this.#exportedFrom(serviceNamespace, host, from) ??
      this.#exportedFrom(this.#root, host, from)
    );
  }

  #exportedFrom(namespace: string, host: string, from: string): DestinationRule | undefined {
    const rule = lookUp(this.#exported.get(namespace), host);
    return rule !== undefined && isVisible(rule, from) ? rule : undefined;
  }
}

function hostsOf(namespaces: Map<string, ByHost>, namespace: string): ByHost {
  const known = namespaces.get(namespace) ?? new Map();
  namespaces.set(namespace, known);
  return known;
}

function lookUp(rules: ByHost | undefined, host: string): DestinationRule | undefined {
  const found = mostSpecific(rules?.keys() ?? [], host);
  return found === undefined ? undefined : rules?.get(found);
}

function merge(rules: ByHost, rule: DestinationRule): void {
  const host = qualify(rule.spec.host, rule.metadata.namespace ?? '');
  const first = rules.get(host);
  rules.set(host, first === undefined ? rule : { ...first, spec: merged(first.spec, rule.spec) });
}

function merged(first: DestinationRule['spec'], second: DestinationRule['spec']): DestinationRule['spec'] {
  const known = new Set(first.subsets?.map(({ name }) => name));
  const trafficPolicy = first.trafficPolicy ?? second.trafficPolicy;
  const exportTo = first.exportTo ?? second.exportTo;
  return {
    ...first,
    subsets: [...(first.subsets ?? []), ...(second.subsets ?? []).filter(({ name }) => !known.has(name))],
    ...(trafficPolicy === undefined ? {} : { trafficPolicy }),
    ...(exportTo === undefined ? {} : { exportTo }),
  };
}
