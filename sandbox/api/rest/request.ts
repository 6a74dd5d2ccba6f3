/** A parsed request to a stored kind, and its result. */

import { at, isRecord, items } from '../../../model/fields.ts';
import type { Identity } from '../managed-fields/managers.ts';
import { apiVersionOf, type Kind } from '../registry/kind.ts';
import { badRequest, invalid } from '../status.ts';
import { type ApiObject, apiObject, type User, type Verb } from '../types.ts';

export interface RestRequest {
  readonly kind: Kind;
  readonly verb: Verb;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** Media type of the body, without parameters. */
  readonly contentType: string;
  readonly user: User;
  /** The owner of the fields that the request sets: `fieldManager` in the query, or else the start of the User-Agent. */
  readonly fieldManager: string;
  readonly warnings: string[];
}

/** The body to answer with: an object, list or Status. */
export interface RestResult {
  readonly code: number;
  readonly object: unknown;
  /** The object itself, when the answer may be shown as a Table. */
  readonly table?: ApiObject;
}

export function isApply({ contentType }: RestRequest): boolean {
  return contentType.startsWith('application/apply-patch');
}

/** The writer's identity for `managedFields`. */
export function writerOf({ fieldManager, kind, subresource }: RestRequest): Identity {
  return { manager: fieldManager, operation: 'Update', apiVersion: apiVersionOf(kind), subresource: subresource ?? '' };
}

const OPTIONS: Readonly<Record<string, string>> = {
  create: 'CreateOptions',
  patch: 'PatchOptions',
  delete: 'DeleteOptions',
  deletecollection: 'DeleteOptions',
};

/** @throws {StatusError} for a value other than `All`. */
export function isDryRun(request: RestRequest): boolean {
  const values = [...request.query.getAll('dryRun'), ...items(at(request.body, 'dryRun')).map(String)];
  for (const value of values) {
    if (value !== 'All') {
      const message = `Unsupported value: [${JSON.stringify(value)}]: supported values: "All"`;
      const options = OPTIONS[request.verb] ?? 'UpdateOptions';
      throw invalid('meta.k8s.io', options, '', [{ reason: 'FieldValueNotSupported', message, field: 'dryRun' }]);
    }
  }
  return values.length > 0;
}

/** Handles unknown fields as `fieldValidation` asks: refuse, warn (the default), or ignore. */
export function reportUnknown(request: RestRequest, unknown: readonly string[]): void {
  if (unknown.length === 0) return;
  const mode = request.query.get('fieldValidation') ?? 'Warn';
  const messages = unknown.map((path) => `unknown field "${path}"`);
  if (mode === 'Strict') {
    const { kind, version } = request.kind;
    throw badRequest(
      `${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: ${messages.join(', ')}`,
    );
  }
  if (mode === 'Warn') request.warnings.push(...messages);
}

/** The body as an object of the request's kind. @throws {StatusError} BadRequest when it is of another kind. */
export function bodyObject(request: RestRequest): ApiObject {
  const { body, kind } = request;
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  if (!isRecord(body)) throw badRequest('the body of the request must be a JSON object');
  if (body['kind'] !== undefined && body['kind'] !== kind.kind) {
    throw badRequest(
      `${String(body['kind'])} in version "${kind.version}" cannot be handled as a ${kind.kind}: converting (${kind.version}.${String(body['kind'])}) to (${kind.group === '' ? 'core' : (kind.group.split('.')[0] ?? '')}.${kind.kind}): unknown conversion`,
    );
  }
  if (body['apiVersion'] !== undefined && body['apiVersion'] !== apiVersion) {
    throw badRequest(
      `the API version in the data (${String(body['apiVersion'])}) does not match the expected API version (${apiVersion})`,
    );
  }
  const metadata = isRecord(body['metadata']) ? body['metadata'] : {};
  return apiObject({ ...body, apiVersion, kind: kind.kind, metadata });
}

/** @throws {StatusError} BadRequest when the URL's namespace and the object's differ. */
export function placeInNamespace(request: RestRequest, object: ApiObject): void {
  const { kind, namespace } = request;
  if (!kind.namespaced) {
    delete object.metadata.namespace;
    return;
  }
  const own = object.metadata.namespace;
  if (own !== undefined && own !== '' && own !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (namespace !== undefined) object.metadata.namespace = namespace;
}
