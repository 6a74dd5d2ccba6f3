/** Generates hosts for Routes, and defines the columns of `oc get route`. */
import type { Cell, TablePrinter } from '../api/types.ts';
import { controllerFor, type RunningController } from '../client/builder.ts';
import { ApiError, isOfKind } from '../client/client.ts';
import type { SandboxContext } from '../component.ts';
import { ROUTES, type Route } from './kinds.ts';

export const HOST_GENERATED = 'openshift.io/host.generated';

/** `<name with . as ->-<namespace>.<apps domain>` (openshift-apiserver, simplerouteallocation/plugin.go). */
export function generatedHost(name: string, namespace: string, appsDomain: string): string {
  return `${name.replaceAll('.', '-')}-${namespace}.${appsDomain}`;
}

/** Sets the host after creation. For a real kube-apiserver, which cannot apply the rules in route-rules.ts. */
export function startRouteHosts(context: SandboxContext): RunningController {
  const { client, settings } = context;
  return controllerFor(context, 'route-hosts', ROUTES, { when: ({ object }) => !object.spec.host }).reconciles(
    async (route) => {
      if (route.spec.host) return;
      const { name, namespace = '', annotations } = route.metadata;
      const patch = {
        metadata: { annotations: { ...annotations, [HOST_GENERATED]: 'true' } },
        spec: { host: generatedHost(name, namespace, settings.appsDomain) },
      };
      try {
        await client.patch(ROUTES, name, namespace, patch);
      } catch (error) {
        if (!(error instanceof ApiError && error.code === 404)) throw error;
      }
    },
  );
}

/** The columns of openshift-apiserver (pkg/route/printers/internalversion/printer.go). */
export const ROUTE_PRINTER: TablePrinter = {
  columns: [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Host/Port', type: 'string' },
    { name: 'Path', type: 'string' },
    { name: 'Services', type: 'string' },
    { name: 'Port', type: 'string' },
    { name: 'Termination', type: 'string' },
    { name: 'Wildcard', type: 'string' },
  ],
  row: (object) => (isOfKind(ROUTES, object) ? routeRow(object) : []),
};

export function routeRow({ metadata, spec, status }: Route): Cell[] {
  const { tls } = spec;
  const policy = tls?.insecureEdgeTerminationPolicy;
  const termination =
    tls === undefined ? '' : policy && policy !== 'None' ? `${tls.termination}/${policy}` : tls.termination;
  const port = spec.port === undefined ? '<all>' : String(spec.port.targetPort);
  return [
    metadata.name,
    hostCell(spec.host ?? '', status),
    spec.path ?? '',
    spec.to.name,
    port,
    termination,
    spec.wildcardPolicy ?? 'None',
  ];
}

function hostCell(host: string, status: Route['status']): string {
  const ingress = status?.ingress;
  if (ingress === undefined || ingress.length === 0) return host;
  const admitted = ingress.filter((one) =>
    one.conditions?.some(({ type, status: is }) => type === 'Admitted' && is === 'True'),
  );
  const rejected = ingress.find((one) =>
    one.conditions?.some(({ type, status: is }) => type === 'Admitted' && is === 'False'),
  );
  if (admitted.length === 0) return rejected?.conditions?.[0]?.reason ?? 'Pending';
  const first = admitted[0]?.host || host;
  return admitted.length === 1 ? first : `${first} ... ${admitted.length - 1} more`;
}
