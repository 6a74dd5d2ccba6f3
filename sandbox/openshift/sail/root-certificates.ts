/** istiod's ConfigMap in every namespace, from which pods get the mesh's root certificate. */
import { type ControllerContext, controllerFor, type RunningController } from '../../client/builder.ts';
import { ApiError } from '../../client/client.ts';
import { NAMESPACES } from '../../client/kinds.ts';
import { authorityOf } from '../../mesh/authority.ts';
import { shareRootCertificate } from '../../mesh/root-certificate.ts';
import { isTrue } from './conditions.ts';
import { ISTIO_REVISIONS } from './kinds.ts';

/** With several meshes, the first one writes the ConfigMap. The name is the same for all, as on a real cluster. */
export function startRootCertificates(context: ControllerContext): RunningController {
  const { client, informers } = context;
  const everywhere = (): string[] =>
    informers
      .of(NAMESPACES)
      .list()
      .map(({ metadata }) => metadata.name);
  return controllerFor(context, 'istio-root-certificates', NAMESPACES, { when: ({ type }) => type === 'added' })
    .watches(ISTIO_REVISIONS, everywhere, {
      when: ({ object, before }) => isTrue(object.status, 'Ready') !== isTrue(before?.status, 'Ready'),
    })
    .reconciles(async ({ metadata: { name } }) => {
      const revision = informers
        .of(ISTIO_REVISIONS)
        .list()
        .find(({ status }) => isTrue(status, 'Ready'));
      if (revision === undefined) return;
      const authority = await authorityOf(client, revision.spec.namespace);
      try {
        await shareRootCertificate(client, name, authority.certificate);
      } catch (error) {
        // The namespace is being deleted.
        if (!(error instanceof ApiError && (error.code === 404 || error.reason === 'Forbidden'))) throw error;
      }
    });
}
