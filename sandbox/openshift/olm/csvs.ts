/** The OLM operator: brings a ClusterServiceVersion through its phases by running its Deployments. */

import { Controller } from '../../client/controller.ts';
import { EventRecorder } from '../../client/events.ts';
import { keyOf } from '../../client/informer.ts';
import type { Informers } from '../../client/informers.ts';
import { DEPLOYMENTS, type Deployment } from '../../client/kinds.ts';
import { controllerOf } from '../../client/ownership.ts';
import type { Component, SandboxContext } from '../../component.ts';
import { ensure, putStatus, removeIfPresent } from '../create-or-patch.ts';
import { type ClusterServiceVersion, CSVS, type CsvDeployment, OPERATOR_GROUPS } from '../kinds.ts';
import { nextPhase, statusWith } from './csv-phase.ts';

/** How long a phase stands, so that whoever watches sees each. */
const STAGE_MS = 60;
const COPIED = 'olm.copiedFrom';

export function startCsvs(context: SandboxContext, informers: Informers): Component {
  const { client } = context;
  const csvs = informers.of(CSVS);
  const groups = informers.of(OPERATOR_GROUPS);
  const deployments = informers.of(DEPLOYMENTS);
  const events = new EventRecorder(client, 'operator-lifecycle-manager');
  const controller = new Controller(
    async (key) => {
      await Promise.all([groups.start(), deployments.start()]);
      const csv = csvs.get(key);
      if (csv === undefined || csv.metadata.deletionTimestamp !== undefined || csv.metadata.labels?.[COPIED])
        return undefined;
      const namespace = csv.metadata.namespace ?? '';
      const wanted = csv.spec.install.spec.deployments;
      const present = wanted.map(({ name }) => deployments.get(`${namespace}/${name}`));
      const phase = nextPhase(csv, groups.list(namespace), present);
      if (
        phase === undefined ||
        (phase.phase === csv.status?.phase &&
          phase.reason === csv.status.reason &&
          phase.message === csv.status.message)
      )
        return undefined;
      if (phase.phase === 'Installing')
        for (const one of wanted) await ensure(client, DEPLOYMENTS, deploymentOf(csv, one));
      await putStatus(client, CSVS, csv, statusWith(csv, phase));
      const normal = phase.phase !== 'Failed';
      events.emit(csv, normal ? 'Normal' : 'Warning', phase.reason, phase.message);
      if (phase.phase === 'Succeeded' && csv.spec.replaces !== undefined)
        await removeIfPresent(client, CSVS, csv.spec.replaces, namespace);
      return STAGE_MS;
    },
    (key, error) => context.log('olm-operator', `${key}: ${error}`),
  );
  csvs.onChange(({ type, object }) => {
    // The next phase comes after STAGE_MS; only a new CSV starts at once.
    if (type === 'added') controller.enqueue(keyOf(object));
    else if (type === 'modified') controller.enqueueAfter(keyOf(object), STAGE_MS);
  });
  deployments.onChange(({ object }) => {
    const owner = controllerOf(object) ?? object.metadata.ownerReferences?.[0];
    if (owner?.kind === CSVS.kind) controller.enqueueAfter(`${object.metadata.namespace}/${owner.name}`, STAGE_MS);
  });
  groups.onChange(({ object }) => {
    for (const csv of csvs.list(object.metadata.namespace)) controller.enqueueAfter(keyOf(csv), STAGE_MS);
  });
  return { name: 'olm-operator', stop: () => controller.stop() };
}

function deploymentOf(csv: ClusterServiceVersion, { name, spec }: CsvDeployment): Deployment {
  const namespace = csv.metadata.namespace ?? '';
  const owner = { 'olm.owner': csv.metadata.name, 'olm.owner.kind': csv.kind, 'olm.owner.namespace': namespace };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace,
      labels: { ...csv.metadata.labels, ...owner },
      ownerReferences: [
        {
          apiVersion: CSVS.apiVersion,
          kind: CSVS.kind,
          name: csv.metadata.name,
          uid: csv.metadata.uid ?? '',
          controller: false,
          blockOwnerDeletion: false,
        },
      ],
    },
    spec: { ...spec, revisionHistoryLimit: 1 },
  };
}
