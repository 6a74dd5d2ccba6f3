/** The error for an apply that conflicts with other managers, in apiserver's words (fieldmanager, `NewConflictError`). */
import { type FieldSet, paths } from '../managed-fields/field-set.ts';
import type { Identity } from '../managed-fields/managers.ts';
import { StatusError } from '../status.ts';

export interface Conflict {
  readonly manager: Identity;
  readonly fields: FieldSet;
}

export function conflictError(conflicts: readonly Conflict[]): StatusError {
  const found = conflicts
    .map(({ manager, fields }) => ({ with: named(manager), fields: paths(fields) }))
    .sort((a, b) => (a.with < b.with ? -1 : 1));
  const causes = found.flatMap((one) =>
    one.fields.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${one.with}`, field })),
  );
  const [only] = causes;
  const told =
    causes.length === 1 && only !== undefined
      ? `1 conflict: ${only.message}: ${only.field}`
      : `${causes.length} conflicts: ${found.map(several).join('\n')}`;
  return new StatusError(409, 'Conflict', `Apply failed with ${told}`, { causes });
}

function several({ with: manager, fields }: { with: string; fields: readonly string[] }): string {
  return [`conflicts with ${manager}:`, ...fields.map((field) => `- ${field}`)].join('\n');
}

function named({ manager, operation, apiVersion, subresource }: Identity): string {
  const endpoint = subresource === '' ? '' : ` with subresource "${subresource}"`;
  return `"${manager}"${endpoint}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}
