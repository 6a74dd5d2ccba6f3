/** A value of another type than its field's, in the words of the two decoders of a real kube-apiserver. */
import { isRecord } from '../../../model/fields.ts';

export interface MismatchTexts {
  /** As encoding/json says it. */
  readonly json: string;
  /** As the converter of unstructured objects says it, which decodes strategic patches and applied objects. */
  readonly converter: string;
}

export class Mismatch extends Error {
  readonly texts: MismatchTexts;

  constructor(texts: MismatchTexts) {
    super(texts.json);
    this.texts = texts;
  }
}

/** A string that its field does not accept. @param why in the words of both decoders. @param converter where it says more. */
export function contentMismatch(why: string, converter = why): Mismatch {
  return new Mismatch({ json: why, converter });
}

/**
 * @param type in the notation of `fields.generated.json`: `#name`, `[T`, `{T`, `int32`.
 * @param field as encoding/json names it: `ServicePort.spec.ports.port`.
 */
export function typeMismatch(value: unknown, type: string, field: string): Mismatch {
  const json = (of: string) => `json: cannot unmarshal ${jsonKind(value)} into Go ${of} of type ${goType(type)}`;
  const converter = DECODES_ITSELF.has(type) ? json('value') : converterText(value, type);
  return new Mismatch({ json: json(`struct field ${field}`), converter });
}

/** Types that decode themselves from JSON. */
export const DECODES_ITSELF: ReadonlySet<string> = new Set(['int-or-string', 'quantity', 'date-time', 'micro-time']);

function converterText(value: unknown, type: string): string {
  if (type.startsWith('#')) return `cannot restore struct from: ${reflectKind(value)}`;
  if (type.startsWith('{')) return `cannot restore map from ${reflectKind(value)}`;
  if (type.startsWith('[') || type === 'byte') return `cannot restore slice from ${reflectKind(value)}`;
  const isNumber = typeof value === 'number';
  if (isNumber && (type.startsWith('int') || (goType(type) === 'string' && Number.isInteger(value))))
    return `cannot convert ${reflectKind(value)} to ${goType(type)}`;
  return `unrecognized type: ${goType(type)}`;
}

/** A value as Go prints it with `%v`: `map[data:map[a:1]]`, `[x y]`. */
export function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isRecord(value)) return value === null ? '<nil>' : String(value);
  const entries = Object.keys(value).sort();
  return `map[${entries.map((key) => `${key}:${goText(value[key])}`).join(' ')}]`;
}

function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number' && !Number.isInteger(value)) return `number ${value}`;
  return typeof value;
}

/** The kind of a value as Go's `reflect` names it. */
export function reflectKind(value: unknown): string {
  if (Array.isArray(value)) return 'slice';
  if (isRecord(value)) return 'map';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function goType(type: string): string {
  if (type.startsWith('[')) return `[]${goType(type.slice(1))}`;
  if (type.startsWith('{')) return `map[string]${goType(type.slice(1))}`;
  if (type.startsWith('#')) return type.split('.').slice(-2).join('.');
  const names: Record<string, string> = {
    boolean: 'bool',
    number: 'float64',
    double: 'float64',
    byte: '[]uint8',
    quantity: 'resource.Quantity',
    'int-or-string': 'int32',
  };
  return names[type] ?? (type.startsWith('int') ? type : 'string');
}
