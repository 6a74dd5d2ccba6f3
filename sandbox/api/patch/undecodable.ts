/** How a patch is refused whose result can't be decoded: by each type of patch in its own way. */
import { fields, isRecord, text } from '../../../model/fields.ts';
import { apiVersionOf, type Decoded } from '../registry/kind.ts';
import { isApply, type RestRequest } from '../rest/request.ts';
import { invalid, StatusError } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { DecodeError } from '../validation/decode.ts';
import { goText } from '../validation/mismatch.ts';
import { typeFaults } from './typed.ts';

/**
 * @returns the decoded result of a patch. @param current the object before it.
 * @throws {StatusError} Invalid, and 500 for an apply, as a real server answers.
 */
export function decodePatched(request: RestRequest, patched: ApiObject, current: ApiObject): Decoded {
  try {
    return request.kind.schema.decode(patched);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw refusal(request, patched, current, error);
  }
}

/**
 * Checks the types of an applied configuration, which comes before conflicts.
 * @throws {StatusError} 500, as a real server answers.
 */
export function checkTypes(request: RestRequest): void {
  const { body, kind } = request;
  const faults = isRecord(body) ? typeFaults(body, kind) : [];
  if (faults.length === 0) return;
  const said = faults.length === 1 ? faults[0] : ['errors:', ...faults.map((fault) => `  ${fault}`)].join('\n');
  throw internal(`failed to create typed patch object ${subject(request)}: ${said}`);
}

function refusal(request: RestRequest, patched: ApiObject, current: ApiObject, { texts }: DecodeError): StatusError {
  if (isApply(request)) {
    const type = typeOf(request);
    return internal(
      `failed to convert new object ${subject(request)} to proper version: unable to convert unstructured object to ${type}: ${texts.converter}`,
    );
  }
  return request.contentType === 'application/strategic-merge-patch+json'
    ? invalidPatch(goText(withoutIdleNulls(request.body, current)), texts.converter)
    : invalidPatch(JSON.stringify(patched), texts.json);
}

/** A null in a map that the object does not have removes nothing: the real server leaves it out of the patch that it shows. */
function withoutIdleNulls(patch: unknown, current: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const entries = Object.entries(patch).filter(([, value]) => isRecord(current) || value !== null);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, withoutIdleNulls(value, isRecord(current) ? current[key] : undefined)]),
  );
}

/** The real server names neither kind nor object here. */
function invalidPatch(value: string, why: string): StatusError {
  const message = `Invalid value: ${JSON.stringify(value)}: ${why}`;
  return invalid('', '', '', [{ reason: 'FieldValueInvalid', message, field: 'patch' }]);
}

/** The real server gives these errors no reason. */
function internal(message: string): StatusError {
  return new StatusError(500, '', message);
}

/** `(shop/web; apps/v1, Kind=Deployment)`, with the namespace if the body names one. */
function subject(request: RestRequest): string {
  const { body, name } = request;
  const namespace = isRecord(body) ? text(fields(body['metadata'])['namespace']) : '';
  return `(${namespace}/${text(name)}; ${typeOf(request)})`;
}

function typeOf({ kind }: RestRequest): string {
  return `${kind.group === '' ? '/' : ''}${apiVersionOf(kind)}, Kind=${kind.kind}`;
}
