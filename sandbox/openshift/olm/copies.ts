/** Copies the CSVs of OperatorGroups that target all namespaces into every namespace. */

import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import { ApiError, type Client } from '../../client/client.ts';
import { now } from '../../client/conditions.ts';
import { canonical } from '../../client/hash.ts';
import { type Change, type Informer, keyOf } from '../../client/informer.ts';
import { NAMESPACES } from '../../client/kinds.ts';
import { putStatus, removeIfPresent } from '../create-or-patch.ts';
import { type ClusterServiceVersion, CSVS, OPERATOR_GROUPS, type OperatorGroup } from '../kinds.ts';

const COPIED = 'olm.copiedFrom';

export function startCopies(context: ControllerContext): readonly RunningController[] {
  const { client, informers } = context;
  const worker = new Copies(context);
  const everywhere = (): string[] => informers.of(NAMESPACES).list().map(keyOf);
  return [
    controllerFor(context, 'olm-copies', NAMESPACES, { when: ({ type }) => type === 'added' })
      .reads(OPERATOR_GROUPS)
      .watches(CSVS, everywhere, { when: concernsCopies })
      .reconciles((namespace) => worker.copyInto(namespace.metadata.name)),
    controllerFor(context, 'olm-operatorgroups', OPERATOR_GROUPS).reconciles(async (group) => {
      const targets = group.spec?.targetNamespaces ?? [];
      const wanted = targets.length === 0 ? [''] : targets;
      if (canonical(group.status?.namespaces ?? []) === canonical(wanted)) return;
      await putStatus(client, OPERATOR_GROUPS, group, { namespaces: wanted, lastUpdated: now() });
    }),
  ];
}

function concernsCopies({ type, object, before }: Change<ClusterServiceVersion>): boolean {
  if (object.metadata.labels?.[COPIED] !== undefined) return false;
  return type === 'deleted' || (object.status?.phase === 'Succeeded') !== (before?.status?.phase === 'Succeeded');
}

class Copies {
  readonly #client: Client;
  readonly #csvs: Informer<ClusterServiceVersion>;
  readonly #groups: Informer<OperatorGroup>;

  constructor({ client, informers }: ControllerContext) {
    this.#client = client;
    this.#csvs = informers.of(CSVS);
    this.#groups = informers.of(OPERATOR_GROUPS);
  }

  /** Synchronizes the copies in a namespace with the originals. */
  async copyInto(namespace: string): Promise<void> {
    const originals = this.#csvs.list().filter((csv) => isCopiable(csv, this.#groups.list(csv.metadata.namespace)));
    for (const csv of originals) {
      if (csv.metadata.namespace === namespace) continue;
      const existing = this.#csvs.get(`${namespace}/${csv.metadata.name}`);
      if (existing !== undefined && existing.status?.phase === csv.status?.phase) continue;
      const copy = existing ?? (await this.#create(csv, namespace));
      if (copy !== undefined) await putStatus(this.#client, CSVS, copy, copiedStatus(csv));
    }
    for (const copy of this.#csvs.list(namespace)) {
      const from = copy.metadata.labels?.[COPIED];
      if (from !== undefined && this.#csvs.get(`${from}/${copy.metadata.name}`) === undefined)
        await removeIfPresent(this.#client, CSVS, copy.metadata.name, namespace);
    }
  }

  async #create(csv: ClusterServiceVersion, namespace: string): Promise<ClusterServiceVersion | undefined> {
    const { name, labels, annotations } = csv.metadata;
    const metadata = {
      name,
      namespace,
      labels: { ...labels, [COPIED]: csv.metadata.namespace ?? '' },
      annotations: { ...annotations },
    };
    try {
      const { apiVersion, kind, spec } = csv;
      return await this.#client.create(CSVS, { apiVersion, kind, metadata, spec });
    } catch (error) {
      if (error instanceof ApiError && ['AlreadyExists', 'Forbidden', 'NotFound'].includes(error.reason))
        return undefined;
      throw error;
    }
  }
}

function isCopiable(csv: ClusterServiceVersion, groups: readonly OperatorGroup[]): boolean {
  return (
    csv.metadata.labels?.[COPIED] === undefined &&
    csv.metadata.deletionTimestamp === undefined &&
    csv.status?.phase === 'Succeeded' &&
    groups.length === 1 &&
    (groups[0]?.spec?.targetNamespaces ?? []).length === 0
  );
}

function copiedStatus(csv: ClusterServiceVersion): object {
  const from = csv.metadata.namespace;
  const message = `The operator is running in ${from} but is managing this namespace`;
  return { ...csv.status, reason: 'Copied', message, lastUpdateTime: now() };
}
