/** What openshift-apiserver does with a new or changed Route: defaults, the host, validation. */
import { at, isFields } from '../api/json.ts';
import type { ApiObject, KindRules } from '../api/types.ts';
import { routeCauses } from './route-validation.ts';
import { generatedHost, HOST_GENERATED } from './routes.ts';

const TERMINATIONS = ['edge', 'passthrough', 'reencrypt'];

/** @param appsDomain the domain below which Routes get their hosts. */
export function routeRules(appsDomain: string): KindRules {
  return {
    defaults: setRouteDefaults,
    prepareCreate: (route) => allocateHost(route, appsDomain),
    prepareUpdate: keepHost,
    validate: routeCauses,
  };
}

/** Those that a CRD's schema cannot say (openshift/library-go, pkg/route/defaulting/defaults.go). */
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
 * openshift/library-go, pkg/route/hostassignment/assignment.go. Unlike there, `spec.subdomain` changes nothing: no router
 * here makes a host of it, and whoever sets it is warned.
 */
function allocateHost(route: ApiObject, appsDomain: string): void {
  const spec = objectOf(route['spec']);
  if (spec === undefined || spec['host'] || spec['wildcardPolicy'] === 'Subdomain') return;
  const { metadata } = route;
  spec['host'] = generatedHost(metadata.name, metadata.namespace ?? '', appsDomain);
  metadata.annotations = { ...metadata.annotations, [HOST_GENERATED]: 'true' };
}

/** A manifest without a host may be applied again: openshift-apiserver does not let a write clear the host. */
function keepHost(route: ApiObject, old: ApiObject): void {
  const spec = objectOf(route['spec']);
  const before = at(old, 'spec', 'host');
  if (spec !== undefined && !spec['host'] && before !== undefined) spec['host'] = before;
}

function objectOf(value: unknown): Record<string, unknown> | undefined {
  return isFields(value) ? value : undefined;
}
