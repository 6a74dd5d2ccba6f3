/**
 * Which DestinationRule applies to a host (istiod, `PushContext.destinationRule`): it is looked up in the client's namespace, then
 * the service's, then the root namespace; within a namespace the most specific host wins. Of the rules for that host, one that
 * selects the client's labels comes before the one for all clients.
 */
import type { DestinationRule } from './destination-rule.ts';
import { isPrivate, isVisible, mostSpecific } from './hosts.ts';
import { mergeInto } from './merged-destination-rules.ts';
import { qualify, selects } from './names.ts';
import type { IstioRelease } from './release.ts';

type ByHost = Map<string, readonly DestinationRule[]>;

/** The proxy that sends. */
export interface Client {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

export class DestinationRules {
  /** Whether clients of the same namespace may follow different rules. */
  readonly selectClients: boolean;
  readonly #root: string;
  /** Rules that clients in the same namespace find. */
  readonly #local = new Map<string, ByHost>();
  /** Rules that clients in other namespaces find. */
  readonly #exported = new Map<string, ByHost>();
  /** Rules of the root namespace that apply only there. */
  readonly #rootOnly: ByHost = new Map();

  /** @param rules oldest first. */
  constructor(root: string, rules: readonly DestinationRule[], release: IstioRelease) {
    this.#root = root;
    const known = release.clientSelectors ? rules.map(asPrivate) : rules.map(withoutSelector);
    const first = release.mergesByExport ? known.filter(hasSelector) : [];
    this.selectClients = known.some(hasSelector);
    for (const rule of [...first, ...known.filter((one) => !first.includes(one))]) {
      const { namespace = '' } = rule.metadata;
      const add = (to: ByHost): void => {
        const host = qualify(rule.spec.host, namespace);
        to.set(host, mergeInto(to.get(host) ?? [], rule, release.mergesByExport));
      };
      if (isVisible(rule, namespace)) add(hostsOf(this.#local, namespace));
      if (!isPrivate(rule)) add(hostsOf(this.#exported, namespace));
      else if (namespace === root) add(this.#rootOnly);
    }
  }

  find(host: string, serviceNamespace: string, client: Client): DestinationRule | undefined {
    // A catch-all rule of the root namespace must not hide the service's own rules from gateways there.
    const own = client.namespace === this.#root ? this.#rootOnly : this.#local.get(client.namespace);
    const candidates =
      lookUp(own, host) ??
      this.#exportedFrom(serviceNamespace, host, client.namespace) ??
      this.#exportedFrom(this.#root, host, client.namespace);
    const selecting = candidates?.find(
      (one) => hasSelector(one) && selects(one.spec.workloadSelector?.matchLabels, client.labels),
    );
    return selecting ?? candidates?.findLast((one) => !hasSelector(one));
  }

  #exportedFrom(namespace: string, host: string, from: string): readonly DestinationRule[] | undefined {
    const rules = lookUp(this.#exported.get(namespace), host)?.filter((rule) => isVisible(rule, from)) ?? [];
    return rules.length === 0 ? undefined : rules;
  }
}

function hostsOf(namespaces: Map<string, ByHost>, namespace: string): ByHost {
  const known = namespaces.get(namespace) ?? new Map();
  namespaces.set(namespace, known);
  return known;
}

function lookUp(rules: ByHost | undefined, host: string): readonly DestinationRule[] | undefined {
  const found = mostSpecific(rules?.keys() ?? [], host);
  return found === undefined ? undefined : rules?.get(found);
}

function hasSelector({ spec }: DestinationRule): boolean {
  return spec.workloadSelector !== undefined;
}

/** A rule that selects clients holds in its own namespace only. */
function asPrivate(rule: DestinationRule): DestinationRule {
  return hasSelector(rule) ? { ...rule, spec: { ...rule.spec, exportTo: ['.'] } } : rule;
}

function withoutSelector(rule: DestinationRule): DestinationRule {
  const { workloadSelector: _, ...spec } = rule.spec;
  return { ...rule, spec };
}
