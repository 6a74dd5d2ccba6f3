/** OperatorGroups that target all namespaces: their CSVs are copied into every namespace. */

import { ApiError } from '../../client/client.ts';
import { now } from '../../client/conditions.ts';
import { Controller } from '../../client/controller.ts';
import { canonical } from '../../client/hash.ts';
import type { Informers } from '../../client/informers.ts';
import { NAMESPACES } from '../../client/kinds.ts';
import type { Component, SandboxContext } from '../../component.ts';
import { putStatus, removeIfPresent } from '../create-or-patch.ts';
import { type ClusterServiceVersion, CSVS, OPERATOR_GROUPS, type OperatorGroup } from '../kinds.ts';

const COPIED = 'olm.copiedFrom';

export function startCopies(context: SandboxContext, informers: Informers): Component {
  const { client } = context;
  const csvs = informers.of(CSVS);
  const namespaces = informers.of(NAMESPACES);
  const groups = informers.of(OPERATOR_GROUPS);
  const controller = new Controller(
    async (key) => {
      await Promise.all([csvs.start(), namespaces.start(), groups.start()]);
      const [kind, namespace = '', name = ''] = key.split('/');
      if (kind === 'group') return writeGroupStatus(groups.get(`${namespace}/${name}`));
      await copyInto(namespace);
    },
    (key, error) => context.log('olm-copies', `${key}: ${error}`),
  );
  const writeGroupStatus = async (group: OperatorGroup | undefined): Promise<void> => {
    if (group === undefined) return;
    const targets = group.spec?.targetNamespaces ?? [];
    const wanted = targets.length === 0 ? [''] : targets;
    if (canonical(group.status?.namespaces ?? []) === canonical(wanted)) return;
    await putStatus(client, OPERATOR_GROUPS, group, { namespaces: wanted, lastUpdated: now() });
  };
  const copyInto = async (namespace: string): Promise<void> => {
    const target = namespaces.get(namespace);
    if (target === undefined || target.metadata.deletionTimestamp !== undefined) return;
    const originals = csvs.list().filter((csv) => isCopiable(csv, groups.list(csv.metadata.namespace)));
    for (const csv of originals) {
      if (csv.metadata.namespace === namespace) continue;
      const existing = csvs.get(`${namespace}/${csv.metadata.name}`);
      if (existing !== undefined && existing.status?.phase === csv.status?.phase) continue;
      const copy = existing ?? (await createCopy(csv, namespace));
      if (copy !== undefined) await putStatus(client, CSVS, copy, copiedStatus(csv));
    }
    for (const copy of csvs.list(namespace)) {
      const from = copy.metadata.labels?.[COPIED];
      if (from !== undefined && csvs.get(`${from}/${copy.metadata.name}`) === undefined)
        await removeIfPresent(client, CSVS, copy.metadata.name, namespace);
    }
  };
  const createCopy = async (
    csv: ClusterServiceVersion,
    namespace: string,
  ): Promise<ClusterServiceVersion | undefined> => {
    const { name, labels, annotations } = csv.metadata;
    const metadata = {
      name,
      namespace,
      labels: { ...labels, [COPIED]: csv.metadata.namespace ?? '' },
      annotations: { ...annotations },
    };
    try {
      return await client.create(CSVS, { apiVersion: csv.apiVersion, kind: csv.kind, metadata, spec: csv.spec });
    } catch (error) {
      if (error instanceof ApiError && ['AlreadyExists', 'Forbidden', 'NotFound'].includes(error.reason))
        return undefined;
      throw error;
    }
  };
  const everywhere = (): void => {
    for (const { metadata } of namespaces.list()) controller.enqueue(`copies/${metadata.name}`);
  };
  namespaces.onChange(({ type, object }) => {
    if (type === 'added') controller.enqueue(`copies/${object.metadata.name}`);
  });
  groups.onChange(({ object }) => controller.enqueue(`group/${object.metadata.namespace}/${object.metadata.name}`));
  csvs.onChange(({ type, object, before }) => {
    if (object.metadata.labels?.[COPIED] !== undefined) return;
    if (type === 'deleted' || (object.status?.phase === 'Succeeded') !== (before?.status?.phase === 'Succeeded'))
      everywhere();
  });
  return { name: 'olm-copies', stop: () => controller.stop() };
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
