/** Validates Routes, with the messages of openshift/library-go (pkg/route/validation/validation.go). */
import { at, type Fields, isRecord, items, records, text } from '../../model/fields.ts';
import { equal } from '../api/json.ts';
import type { ApiObject } from '../api/types.ts';
import { immutable, invalidFor, invalidValue, required, unsupported } from '../api/validation/causes.ts';
import { labelNameProblems, subdomainProblems } from '../api/validation/names.ts';

type Causes = ReturnType<typeof invalidFor>;

const NON_DNS_HOST = 'route.openshift.io/allow-non-dns-compliant-host';
const MOST_BACKENDS = 3;
const INSECURE_POLICIES = ['None', 'Allow', 'Redirect'];
/** Fields with certificates, and their names in the messages. */
const CERTIFICATES = {
  certificate: 'redacted certificate data',
  key: 'redacted key data',
  caCertificate: 'redacted ca certificate data',
  destinationCACertificate: 'redacted destination ca certificate data',
};

/**
 * @param old the Route before the update; absent on create. An update may keep values that were valid earlier.
 * @returns the causes of a refusal; an empty list for a valid Route.
 */
export function routeCauses(route: ApiObject, old: ApiObject | undefined): Causes {
  const { spec } = route;
  if (!isRecord(spec)) return [];
  const before = old?.['spec'];
  return [
    ...(old === undefined || equal(at(before, 'wildcardPolicy'), spec['wildcardPolicy'])
      ? []
      : [immutable('spec.wildcardPolicy', spec['wildcardPolicy'])]),
    ...hostCauses(route, text(spec['host']), old === undefined ? undefined : text(at(before, 'host'))),
    ...subdomainCauses(text(spec['subdomain'])),
    ...wildcardCauses(spec),
    ...pathCauses(spec, at(before, 'path')),
    ...backendCauses('spec.to', spec['to']),
    ...alternateCauses(items(spec['alternateBackends'])),
    ...portCauses(spec['port']),
    ...tlsCauses(spec['tls']),
  ];
}

function hostCauses({ metadata }: ApiObject, host: string, before: string | undefined): Causes {
  if (host === '') return [];
  const causes =
    subdomainProblems(host).length === 0
      ? []
      : [invalidValue('spec.host', host, 'host must conform to DNS 952 subdomain conventions')];
  const labelsCount =
    before === undefined || (before !== host && (before === '' || labelProblems(before).length === 0));
  if (!labelsCount || metadata.annotations?.[NON_DNS_HOST] === 'true') return causes;
  return [...causes, ...invalidFor('spec.host', host, labelProblems(host))];
}

function labelProblems(host: string): string[] {
  return host.split('.').flatMap(labelNameProblems);
}

function subdomainCauses(subdomain: string): Causes {
  if (subdomain === '') return [];
  const field = 'spec.subdomain';
  const tooLong = subdomain.length > 253 ? [invalidValue(field, subdomain, 'must be no more than 253 characters')] : [];
  const labels = subdomain.split('.').flatMap((label) => {
    const problems = labelNameProblems(label);
    return problems.length === 0 ? [] : [invalidValue(field, label, problems.join(', '))];
  });
  return [...tooLong, ...labels];
}

function wildcardCauses({ wildcardPolicy, host }: Fields): Causes {
  const field = 'spec.wildcardPolicy';
  const policies = ['None', 'Subdomain'];
  if (typeof wildcardPolicy !== 'string' || wildcardPolicy === '') return [];
  if (!policies.includes(wildcardPolicy)) return [unsupported(field, wildcardPolicy, policies)];
  return wildcardPolicy === 'Subdomain' && text(host) === ''
    ? [invalidValue(field, wildcardPolicy, 'host name not specified for wildcard policy')]
    : [];
}

function pathCauses(spec: Fields, before: unknown): Causes {
  const path = text(spec['path']);
  if (path === '') return [];
  const problems = [
    ...(path !== before && /[# ]/.test(path) ? ['cannot contain # or spaces'] : []),
    ...(path.startsWith('/') ? [] : ['path must begin with /']),
    ...(at(spec, 'tls', 'termination') === 'passthrough' ? ['passthrough termination does not support paths'] : []),
  ];
  return invalidFor('spec.path', path, problems);
}

function backendCauses(field: string, backend: unknown): Causes {
  if (!isRecord(backend)) return [];
  const { kind, name, weight } = backend;
  const outOfRange = typeof weight === 'number' && (weight < 0 || weight > 256);
  return [
    ...(text(name) === '' ? [required(`${field}.name`)] : []),
    ...(kind === 'Service' ? [] : [invalidValue(`${field}.kind`, kind ?? '', 'must reference a Service')]),
    ...(outOfRange ? [invalidValue(`${field}.weight`, weight, 'weight must be an integer between 0 and 256')] : []),
  ];
}

function alternateCauses(backends: readonly unknown[]): Causes {
  const field = 'spec.alternateBackends';
  return [
    ...(backends.length > MOST_BACKENDS
      ? [required(field, `cannot specify more than ${MOST_BACKENDS} alternate backends`)]
      : []),
    ...records(backends).flatMap((one, index) => backendCauses(`${field}[${index}]`, one)),
  ];
}

function portCauses(port: unknown): Causes {
  if (!isRecord(port)) return [];
  const { targetPort = 0 } = port;
  return targetPort === 0 || targetPort === '' ? [required('spec.port.targetPort')] : [];
}

function tlsCauses(tls: unknown): Causes {
  if (!isRecord(tls)) return [];
  return [...terminationCauses(tls), ...insecureCauses(text(tls['termination']), tls['insecureEdgeTerminationPolicy'])];
}

function terminationCauses(tls: Fields): Causes {
  const set = (field: keyof typeof CERTIFICATES) => text(tls[field]) !== '';
  const refused = (field: keyof typeof CERTIFICATES, why: string) =>
    set(field) ? [invalidValue(`spec.tls.${field}`, CERTIFICATES[field], why)] : [];
  switch (tls['termination']) {
    case 'edge':
      return refused('destinationCACertificate', 'edge termination does not support destination certificates');
    case 'passthrough': {
      const why = 'passthrough termination does not support certificates';
      return (['certificate', 'key', 'caCertificate', 'destinationCACertificate'] as const).flatMap((field) =>
        refused(field, why),
      );
    }
    case 'reencrypt':
      return [];
    default:
      return [unsupported('spec.tls.termination', tls['termination'] ?? '', ['edge', 'passthrough', 'reencrypt'])];
  }
}

function insecureCauses(termination: string, policy: unknown): Causes {
  if (typeof policy !== 'string' || policy === '') return [];
  const allowed =
    termination === 'passthrough' ? INSECURE_POLICIES.filter((one) => one !== 'Allow') : INSECURE_POLICIES;
  const known = ['edge', 'reencrypt', 'passthrough'].includes(termination);
  if (!known || allowed.includes(policy)) return [];
  const why = `invalid value for InsecureEdgeTerminationPolicy option, acceptable values are ${allowed.join(', ')}, or empty`;
  return [invalidValue('spec.tls.insecureEdgeTerminationPolicy', policy, why)];
}
