/** Requests and limits of containers. */

import { at, fields } from '../../../model/fields.ts';
import { quantityValue } from '../defaults/quantity.ts';
import type { StatusCause } from '../status.ts';
import { forbiddenField, invalidFor, invalidValue, required } from './causes.ts';
import { qualifiedNameProblems } from './names.ts';

const STANDARD = ['cpu', 'memory', 'ephemeral-storage'];

/** @param field e.g. `spec.containers[0].resources`. */
export function resourceCauses(resources: unknown, field: string): StatusCause[] {
  const limits = fields(at(resources, 'limits'));
  const requests = fields(at(resources, 'requests'));
  return [
    ...Object.entries(limits).flatMap(([name, amount]) => amountCauses(name, amount, `${field}.limits[${name}]`)),
    ...Object.entries(requests).flatMap(([name, amount]) => [
      ...amountCauses(name, amount, `${field}.requests[${name}]`),
      ...(limits[name] === undefined ? [] : overLimitCauses(name, amount, limits[name], `${field}.requests`)),
      ...(limits[name] === undefined && !isShared(name)
        ? [required(`${field}.limits`, 'Limit must be set for non overcommitable resources')]
        : []),
    ]),
    ...hugePageCauses([...Object.keys(limits), ...Object.keys(requests)], field),
  ];
}

/** Whether containers may together request more of it than there is. */
function isShared(name: string): boolean {
  return !name.includes('/') && !name.startsWith('hugepages-');
}

function hugePageCauses(names: readonly string[], field: string): StatusCause[] {
  if (!names.some((name) => name.startsWith('hugepages-'))) return [];
  return names.includes('cpu') || names.includes('memory')
    ? []
    : [forbiddenField(field, 'HugePages require cpu or memory')];
}

function amountCauses(name: string, amount: unknown, field: string): StatusCause[] {
  const named = name.includes('/') || STANDARD.includes(name) || name.startsWith('hugepages-');
  return [
    ...invalidFor(field, name, qualifiedNameProblems(name)),
    ...(named ? [] : [invalidValue(field, name, 'must be a standard resource for containers')]),
    ...(quantityValue(amount) < 0 ? [invalidValue(field, String(amount), 'must be greater than or equal to 0')] : []),
    ...(name.includes('/') && !Number.isInteger(quantityValue(amount))
      ? [invalidValue(field, String(amount), 'must be an integer')]
      : []),
  ];
}

function overLimitCauses(name: string, amount: unknown, limit: unknown, field: string): StatusCause[] {
  const [asked, most] = [quantityValue(amount), quantityValue(limit)];
  if (!isShared(name))
    return asked === most ? [] : [invalidValue(field, String(amount), `must be equal to ${name} limit of ${limit}`)];
  return asked > most
    ? [invalidValue(field, String(amount), `must be less than or equal to ${name} limit of ${limit}`)]
    : [];
}
