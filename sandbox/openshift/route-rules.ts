/** openshift-apiserver's rules for Routes: defaults, the generated host, and validation. */
import { at, isRecord } from '../../model/fields.ts';
import type { ApiObject, KindRules } from '../api/types.ts';
import { routeCauses } from './route-validation.ts';
import { generatedHost, HOST_GENERATED } from './routes.ts';

const TERMINATIONS = ['edge', 'passthrough', 'reencrypt'];

/** @param appsDomain the domain of generated hosts. */
export function routeRules(appsDomain: string): KindRules {
  return {
    defaults: setRouteDefaults,
    prepareCreate: (route) => allocateHost(route, appsDomain),
    prepareUpdate: keepHost,
    validate: routeCauses,
  };
}

/** Defaults that a CRD's schema cannot express (openshift/library-go, pkg/route/defaulting/defaults.go). */
function setRouteDefaults(route: ApiObject): void {
  const spec = objectOf(route['spec']);
  if (spec?.['wildcardPolicy'] === '') spec['wildcardPolicy'] = 'None';
  const tls = objectOf(spec?.['tls']);
  if (tls === undefined) return;
  const termination = tls['termination'] ?? '';
  if (termination === '' && !tls['destinationCACertificate']) tls['termination'] = 'edge';
  const lower = String(termination).toLowerCase();
  const capitalized = lower.charAt(0).toUpperCase() + lower.slice(1);
  if (termination === capitalized && TERMINATIONS.includes(lower)) tls['termination'] = lower;
}

/**
 * Generates the host (openshift/library-go, pkg/route/hostassignment/assignment.go). Unlike there, `spec.subdomain` has no
 * effect, because the sandbox's router does not use it. Users who set it get a warning.
 */
function allocateHost(route: ApiObject, appsDomain: string): void {
  const spec = objectOf(route['spec']);
  if (spec === undefined || spec['host'] || spec['wildcardPolicy'] === 'Subdomain') return;
  const { metadata } = route;
  spec['host'] = generatedHost(metadata.name, metadata.namespace ?? '', appsDomain);
  metadata.annotations = { ...metadata.annotations, [HOST_GENERATED]: 'true' };
}

/** Like openshift-apiserver, keeps the host when a write clears it. So a manifest without a host can be applied again. */
function keepHost(route: ApiObject, old: ApiObject): void {
  const spec = objectOf(route['spec']);
  const before = at(old, 'spec', 'host');
  if (spec !== undefined && !spec['host'] && before !== undefined) spec['host'] = before;
}

function objectOf(value: unknown): Record<string, unknown> | undefined {
  return isRecord(value) ? value : undefined;
}
