/** How a patch is refused whose result can't be decoded: by each type of patch in its own way. */
import { type Fields, fields, isRecord, items, text } from '../../../model/fields.ts';
import { itemKey } from '../managed-fields/compare.ts';
import { pathStep } from '../managed-fields/field-set.ts';
import type { Decoded } from '../registry/kind.ts';
import { apiVersionOf, type MergeSchema } from '../registry/kind.ts';
import { isApply, type RestRequest } from '../rest/request.ts';
import { invalid, StatusError } from '../status.ts';
import { type ApiObject, isApiObject } from '../types.ts';
import { DecodeError } from '../validation/decode.ts';
import { goText } from '../validation/mismatch.ts';

/** @returns the decoded result of a patch. @throws {StatusError} Invalid, and 500 for an apply, as a real server answers. */
export function decodePatched(request: RestRequest, patched: ApiObject): Decoded {
  try {
    return request.kind.schema.decode(patched);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw refusal(request, patched, error);
  }
}

/**
 * Checks the types of an applied configuration, which comes before conflicts.
 * @throws {StatusError} 500, as a real server answers.
 */
export function checkTypes(request: RestRequest): void {
  const { body, kind } = request;
  if (!isRecord(body)) return;
  const configuration = { ...body, metadata: fields(body['metadata']) };
  if (!isApiObject(configuration)) return;
  try {
    kind.schema.decode(configuration);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const { path, typed } = error.texts;
    if (typed === undefined) return;
    const where = typedPlace(path, body, kind.schema.merge, typed);
    throw internal(`failed to create typed patch object ${subject(request)}: ${where}`);
  }
}

function refusal(request: RestRequest, patched: ApiObject, { texts }: DecodeError): StatusError {
  if (isApply(request)) {
    const type = typeOf(request);
    return internal(
      `failed to convert new object ${subject(request)} to proper version: unable to convert unstructured object to ${type}: ${texts.converter}`,
    );
  }
  return request.contentType === 'application/strategic-merge-patch+json'
    ? invalidPatch(goText(request.body), texts.converter)
    : invalidPatch(JSON.stringify(patched), texts.json);
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

/** `.spec.ports[port=80,protocol="TCP"].port: …` for `spec.ports[0].port`. @param why what is wrong there. */
function typedPlace(path: string, body: Fields, schema: MergeSchema | undefined, why: string): string {
  let [value, inside, typed]: [unknown, MergeSchema | undefined, string] = [body, schema, ''];
  for (const [, index, name = ''] of path.matchAll(/\[(\d+)\]|([^.[]+)/g)) {
    if (index === undefined) {
      typed += `.${name}`;
      [value, inside] = [fields(value)[name], inside?.field(name)];
      continue;
    }
    const item = items(value)[Number(index)];
    const keys = inside?.listKeys ?? [];
    if (keys.length > 0 && !isRecord(item))
      return `${typed}: element ${index}: associative list with keys may not have non-map elements`;
    typed += keys.length === 0 ? `[${index}]` : pathStep(itemKey(item, keys));
    [value, inside] = [item, inside?.items];
  }
  return `${typed}: ${why}`;
}
