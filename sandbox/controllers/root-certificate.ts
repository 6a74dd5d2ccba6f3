/** The ConfigMap `kube-root-ca.crt` in every namespace, with the authority by which pods verify the API server. */
import { type ControllerContext, controllerFor, type RunningController } from '../client/builder.ts';
import { ApiError } from '../client/client.ts';
import { CONFIG_MAPS, NAMESPACES } from '../client/kinds.ts';

const NAME = 'kube-root-ca.crt';
/** Kubernetes' own text. */
const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** @param authority the certificate in PEM. */
export function startRootCertificates(context: ControllerContext, authority: string): RunningController {
  const { client } = context;
  const known = context.informers.of(CONFIG_MAPS);
  return controllerFor(context, 'root-ca-cert-publisher', NAMESPACES)
    .watches(CONFIG_MAPS, ({ object }) => [object.metadata.namespace ?? ''], {
      when: ({ type, object }) => type !== 'added' && object.metadata.name === NAME,
    })
    .reconciles(async ({ metadata: { name: namespace } }) => {
      const now = known.get(`${namespace}/${NAME}`);
      if (now?.data?.['ca.crt'] === authority) return;
      const metadata = { name: NAME, namespace, annotations: { 'kubernetes.io/description': DESCRIPTION } };
      const data = { 'ca.crt': authority };
      if (now === undefined)
        await client.create(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }).catch(unlessSettled);
      else await client.patch(CONFIG_MAPS, NAME, namespace, { data });
    });
}

/** It exists already, or the namespace is being deleted. */
function unlessSettled(error: unknown): void {
  if (!(error instanceof ApiError && ['AlreadyExists', 'Forbidden', 'NotFound'].includes(error.reason))) throw error;
}
