/**
 * How apply merges a custom resource, and a strategic patch where the kind accepts one: by `x-kubernetes-list-type` and
 * `x-kubernetes-map-type` in its schema.
 */
import { type Fields, fields, isRecord, items, text } from '../../../model/fields.ts';
import { metadataMerge } from '../openapi/merge-rules.ts';
import type { MergeSchema } from '../registry/kind.ts';

export class CustomMerge implements MergeSchema {
  readonly #schema: Fields;
  readonly #root: 'apply' | 'strategic' | undefined;

  /** @param root set for the whole object, whose `metadata` has a built-in type. */
  constructor(schema: Fields, root?: 'apply' | 'strategic') {
    this.#schema = schema;
    this.#root = root;
  }

  field(key: string): MergeSchema | undefined {
    if (this.#root !== undefined && key === 'metadata') return metadataMerge(this.#root);
    const property = this.isNamed(key) ? fields(this.#schema['properties'])[key] : this.#schema['additionalProperties'];
    return isRecord(property) ? new CustomMerge(property) : undefined;
  }

  isNamed(key: string): boolean {
    return Object.hasOwn(fields(this.#schema['properties']), key);
  }

  get ownsItself(): boolean {
    return true;
  }

  get byValue(): boolean {
    return false;
  }

  get items(): MergeSchema | undefined {
    const { items: item } = this.#schema;
    return isRecord(item) ? new CustomMerge(item) : undefined;
  }

  get listKeys(): readonly string[] | undefined {
    switch (this.#schema['x-kubernetes-list-type']) {
      case 'map':
        return items(this.#schema['x-kubernetes-list-map-keys']).map(text);
      case 'set':
        return [];
      default:
        return undefined;
    }
  }

  get atomic(): boolean {
    return this.#schema['x-kubernetes-map-type'] === 'atomic';
  }
}
