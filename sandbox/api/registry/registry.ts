/** The kinds and aggregated APIs that are currently served. */
import { type FieldSupport, type KindSupport, merged } from '../../fields/support.ts';
import type { AggregatedApi, KindRules, TablePrinter } from '../types.ts';
import type { Kind } from './kind.ts';

interface AskedResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
}

export class Registry {
  readonly #kinds = new Map<string, Kind>();
  readonly #aggregated = new Map<string, AggregatedApi>();
  readonly #printers = new Map<string, TablePrinter>();
  readonly #rules = new Map<string, KindRules>();
  readonly #merged = new Map<string, FieldSupport>();
  readonly #support = new Map<string, FieldSupport[]>();
  /** Counts changes, so that documents built from the registry can be cached. */
  revision = 0;

  add(kind: Kind): void {
    const rules = this.#rules.get(`${kind.group}/${kind.plural}`);
    const extended = rules === undefined ? kind : { ...kind, strategy: { ...kind.strategy, ...rules } };
    this.#kinds.set(`${kind.group}/${kind.version}/${kind.plural}`, extended);
    this.revision += 1;
  }

  remove(kind: Kind): void {
    this.#kinds.delete(`${kind.group}/${kind.version}/${kind.plural}`);
    this.revision += 1;
  }

  aggregate(api: AggregatedApi): void {
    this.#aggregated.set(`${api.group}/${api.version}`, api);
    this.revision += 1;
  }

  print(group: string, plural: string, printer: TablePrinter): void {
    this.#printers.set(`${group}/${plural}`, printer);
  }

  /** Adds rules to the kind's strategy, now and each time a CRD installs the kind again. */
  extend(group: string, plural: string, rules: KindRules): void {
    this.#rules.set(`${group}/${plural}`, rules);
    for (const kind of this.kinds()) if (kind.group === group && kind.plural === plural) this.add(kind);
  }

  /** Adds to the field tables of the kinds themselves. */
  supportFields(tables: readonly KindSupport[]): void {
    for (const { group, kind, support } of tables) {
      const key = `${group}/${kind}`;
      this.#support.set(key, [...(this.#support.get(key) ?? []), support]);
      this.#merged.delete(key);
    }
  }

  find(group: string, version: string, plural: string): Kind | undefined {
    return this.#kinds.get(`${group}/${version}/${plural}`);
  }

  /** A served version of a stored kind: the storage version if it is served, otherwise any. */
  stored(group: string, plural: string): Kind | undefined {
    const versions = this.kinds().filter((kind) => kind.group === group && kind.plural === plural);
    return versions.find((kind) => kind.version === kind.storageVersion) ?? versions[0];
  }

  kinds(): Kind[] {
    return [...this.#kinds.values()];
  }

  aggregated(group: string, version: string): AggregatedApi | undefined {
    return this.#aggregated.get(`${group}/${version}`);
  }

  /** The aggregated API that serves a resource or subresource. */
  answering({ group, version, resource, subresource }: AskedResource): AggregatedApi | undefined {
    const api = this.aggregated(group, version);
    const name = subresource === undefined ? resource : `${resource}/${subresource}`;
    return api?.beside === true && api.resources.every((one) => one.name !== name) ? undefined : api;
  }

  aggregatedApis(): AggregatedApi[] {
    return [...this.#aggregated.values()];
  }

  printer(kind: Kind): TablePrinter {
    return this.#printers.get(`${kind.group}/${kind.plural}`) ?? kind.printer;
  }

  /** `undefined` when no field table covers the kind, e.g. for a CRD that a lab installs. */
  support({ group, kind, fields }: Kind): FieldSupport | undefined {
    const key = `${group}/${kind}`;
    const others = this.#support.get(key);
    if (others === undefined) return fields;
    const known = this.#merged.get(key) ?? merged(...(fields === undefined ? [] : [fields]), ...others);
    this.#merged.set(key, known);
    return known;
  }
}
