/** The schema of one version of a CRD. */
import { type Fields, fields, isRecord } from '../../../model/fields.ts';
import type { Decoded, KindSchema, MergeSchema } from '../registry/kind.ts';
import type { StatusCause } from '../status.ts';
import { type ApiObject, apiObject } from '../types.ts';
import { decodeMetadata } from '../validation/decode.ts';
import { CustomMerge } from './merge.ts';
import { ruleCauses } from './rules.ts';
import { prune, setDefaults } from './structure.ts';
import { validateSchema } from './validate.ts';

export interface CustomOptions {
  /** The CRD's `spec.preserveUnknownFields`. */
  readonly preserve: boolean;
  /** Whether the kind accepts strategic merge patches, as one that a real cluster serves from Go types. */
  readonly strategic: boolean;
}

export class CustomSchema implements KindSchema {
  readonly merge: MergeSchema;
  readonly strategicMerge: MergeSchema | undefined;
  readonly #schema: Fields;
  readonly #preserve: boolean;
  readonly #kind: string;
  readonly #version: string;

  constructor(kind: string, version: string, schema: unknown, { preserve, strategic }: CustomOptions) {
    this.#kind = kind;
    this.#version = version;
    this.#schema = fields(schema);
    this.#preserve = preserve;
    this.merge = new CustomMerge(this.#schema, 'apply');
    this.strategicMerge = strategic ? new CustomMerge(this.#schema, 'strategic') : undefined;
  }

  decode(object: ApiObject): Decoded {
    const unknown: string[] = [];
    const pruned = this.#preserve ? { ...object } : prune(object, this.#schema, '', unknown, true);
    const metadata = decodeMetadata(object.metadata, this.#kind, this.#version, unknown);
    return {
      object: apiObject({
        ...(isRecord(pruned) ? pruned : {}),
        apiVersion: object.apiVersion,
        kind: object.kind,
        metadata,
      }),
      unknown,
    };
  }

  applyDefaults(object: ApiObject): void {
    setDefaults(object, this.#schema);
  }

  validate(object: ApiObject, old?: ApiObject): StatusCause[] {
    const { apiVersion: _a, kind: _k, metadata: _m, ...rest } = object;
    const properties = fields(this.#schema['properties']);
    const { metadata: _p, ...others } = properties;
    const causes = validateSchema(rest, { ...this.#schema, properties: others, required: this.#required() }, '');
    // CEL rules run only on a valid object, because they rely on its types.
    return causes.length > 0 ? causes : ruleCauses(object, old, this.#schema, '');
  }

  /** Required fields, without those that every object has. */
  #required(): unknown[] {
    const names = this.#schema['required'];
    return Array.isArray(names)
      ? names.filter((name) => !['apiVersion', 'kind', 'metadata'].includes(String(name)))
      : [];
  }
}
