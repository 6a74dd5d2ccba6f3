/** The OLM operator: installs the Deployments of a ClusterServiceVersion, and moves it through its phases. */

import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import type { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/events.ts';
import { keyOf } from '../../client/informer.ts';
import { CRDS, DEPLOYMENTS, type Deployment } from '../../client/kinds.ts';
import { createAggregatedRoles } from '../aggregated-roles.ts';
import { createOrPatch, putStatus, removeIfPresent } from '../create-or-patch.ts';
import { type ClusterServiceVersion, CSVS, type CsvDeployment, OPERATOR_GROUPS } from '../kinds.ts';
import { nextPhase, type Phase, statusWith } from './csv-phase.ts';

/** The minimum duration of a phase, so that watchers see each one. */
const STAGE_MS = 60;
const COPIED = 'olm.copiedFrom';

export function startCsvs(context: ControllerContext): RunningController {
  const { client, informers } = context;
  const groups = informers.of(OPERATOR_GROUPS);
  const deployments = informers.of(DEPLOYMENTS);
  const events = new EventRecorder(client, 'operator-lifecycle-manager');
  const after = { after: () => STAGE_MS };
  // The next phase starts after STAGE_MS. Only a new CSV starts at once.
  return controllerFor(context, 'olm-operator', CSVS, { after: ({ type }) => (type === 'added' ? 0 : STAGE_MS) })
    .watches(DEPLOYMENTS, ({ object }) => ownersOf(object), after)
    .watches(OPERATOR_GROUPS, ({ object }) => informers.of(CSVS).list(object.metadata.namespace).map(keyOf), after)
    .reconciles(async (csv) => {
      if (csv.metadata.labels?.[COPIED]) return undefined;
      const { namespace = '' } = csv.metadata;
      const wanted = csv.spec.install.spec.deployments;
      const present = wanted.map(({ name }) => deployments.get(`${namespace}/${name}`));
      const phase = nextPhase(csv, groups.list(namespace), present);
      if (phase === undefined || isSame(phase, csv.status)) return undefined;
      if (phase.phase === 'InstallReady') await createProvidedRoles(client, csv);
      if (phase.phase === 'Installing')
        for (const one of wanted) await createOrPatch(client, DEPLOYMENTS, deploymentOf(csv, one));
      await putStatus(client, CSVS, csv, statusWith(csv, phase));
      events.emit(csv, phase.phase === 'Failed' ? 'Warning' : 'Normal', phase.reason, phase.message);
      if (phase.phase === 'Succeeded' && csv.spec.replaces !== undefined)
        await removeIfPresent(client, CSVS, csv.spec.replaces, namespace);
      return STAGE_MS;
    });
}

/** Lets project members use an operator's kinds while their CRD exists (operator-lifecycle-manager, operatorgroup.go). */
async function createProvidedRoles(client: Client, csv: ClusterServiceVersion): Promise<void> {
  const owned = csv.spec.customresourcedefinitions?.owned ?? [];
  await Promise.all(
    owned.map(async ({ name, version }) => {
      const [plural = '', ...group] = name.split('.');
      const groups = [{ group: group.join('.'), resources: [plural] }];
      await createAggregatedRoles(client, `${name}-${version}`, groups, await client.find(CRDS, name));
    }),
  );
}

function ownersOf({ metadata }: Deployment): string[] {
  const owners = (metadata.ownerReferences ?? []).filter(({ kind }) => kind === CSVS.kind);
  return owners.map(({ name }) => `${metadata.namespace}/${name}`);
}

function isSame(phase: Phase, status: ClusterServiceVersion['status']): boolean {
  return phase.phase === status?.phase && phase.reason === status.reason && phase.message === status.message;
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
