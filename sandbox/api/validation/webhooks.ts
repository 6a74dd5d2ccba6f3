/** Webhook configurations (pkg/apis/admissionregistration/validation). */
import { items, number, records, text } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { duplicate, invalidFor, invalidValue, required, unsupported } from './causes.ts';
import { selectorCauses } from './labels.ts';
import { subdomainProblems } from './names.ts';
import { conditionCauses } from './policies.ts';
import { webhookClientCauses } from './webhook-client.ts';
import { ruleCauses } from './webhook-rules.ts';

const VERSIONS = ['v1', 'v1beta1'];
const SIDE_EFFECTS = ['None', 'NoneOnDryRun'];
const CHOICES = {
  failurePolicy: ['Fail', 'Ignore'],
  matchPolicy: ['Equivalent', 'Exact'],
  reinvocationPolicy: ['IfNeeded', 'Never'],
} as const;

export function webhookCauses(object: ApiObject): StatusCause[] {
  const all = records(object['webhooks']);
  return all.flatMap((webhook, index) => {
    const path = `webhooks[${index}]`;
    const name = text(webhook['name']);
    const again = all.slice(0, index).some((other) => other['name'] === name);
    return [
      ...versionCauses(items(webhook['admissionReviewVersions']), `${path}.admissionReviewVersions`),
      ...nameCauses(name, `${path}.name`),
      ...records(webhook['rules']).flatMap((rule, place) => ruleCauses(rule, `${path}.rules[${place}]`)),
      ...choiceCauses(webhook, path),
      ...selectorCauses(webhook['namespaceSelector'], `${path}.namespaceSelector`),
      ...selectorCauses(webhook['objectSelector'], `${path}.objectSelector`),
      ...conditionCauses(webhook['matchConditions'], `${path}.matchConditions`),
      ...webhookClientCauses(webhook['clientConfig'], `${path}.clientConfig`),
      ...(again ? [duplicate(`${path}.name`, name)] : []),
    ];
  });
}

function versionCauses(versions: readonly unknown[], field: string): StatusCause[] {
  if (versions.length === 0) return [required(field, `must specify one of ${VERSIONS.join(', ')}`)];
  const known = versions.some((version) => VERSIONS.includes(text(version)));
  return known ? [] : [invalidValue(field, versions, `must include at least one of ${VERSIONS.join(', ')}`)];
}

function nameCauses(name: string, field: string): StatusCause[] {
  if (name === '') return [required(field)];
  const problems = subdomainProblems(name);
  if (problems.length > 0) return invalidFor(field, name, problems);
  return name.split('.').length >= 3
    ? []
    : [invalidValue(field, name, 'should be a domain with at least three segments separated by dots')];
}

function choiceCauses(webhook: Record<string, unknown>, path: string): StatusCause[] {
  const effects = webhook['sideEffects'];
  const seconds = webhook['timeoutSeconds'];
  return [
    ...Object.entries(CHOICES).flatMap(([field, choices]) =>
      webhook[field] === undefined || choices.some((choice) => choice === webhook[field])
        ? []
        : [unsupported(`${path}.${field}`, webhook[field], choices)],
    ),
    ...(effects === undefined
      ? [required(`${path}.sideEffects`, `must specify one of ${SIDE_EFFECTS.join(', ')}`)]
      : []),
    ...(effects === undefined || SIDE_EFFECTS.includes(text(effects))
      ? []
      : [unsupported(`${path}.sideEffects`, effects, SIDE_EFFECTS)]),
    ...(seconds !== undefined && (number(seconds) < 1 || number(seconds) > 30)
      ? [invalidValue(`${path}.timeoutSeconds`, seconds, 'the timeout value must be between 1 and 30 seconds')]
      : []),
  ];
}
