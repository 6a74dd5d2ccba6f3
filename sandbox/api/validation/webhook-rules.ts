/** Which requests a webhook or policy is asked about. */
import { items, text } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import { required, unsupported } from './causes.ts';

const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];

export function ruleCauses(rule: Record<string, unknown>, path: string): StatusCause[] {
  const operations = items(rule['operations']);
  return [
    ...(['apiGroups', 'apiVersions', 'resources'] as const).flatMap((field) =>
      items(rule[field]).length === 0 ? [required(`${path}.${field}`)] : [],
    ),
    ...(operations.length === 0 ? [required(`${path}.operations`)] : []),
    ...operations.flatMap((operation, index) =>
      OPERATIONS.includes(text(operation)) ? [] : [unsupported(`${path}.operations[${index}]`, operation, OPERATIONS)],
    ),
  ];
}
