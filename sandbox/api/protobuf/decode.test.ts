/** Compares with Kubernetes' serializer: `samples.generated.json.gz` has each object in both forms (`generate/protobuf`). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { isRecord } from '../../../model/fields.ts';
import { REVIEW_KINDS } from '../registry/builtin.ts';
import { apiVersionOf } from '../registry/kind.ts';
import { BUILTIN_KINDS } from '../registry/kinds/index.ts';
import { decodeProtobuf } from './decode.ts';

interface Sample {
  readonly kind: string;
  readonly filled: 'full' | 'zero';
  readonly protobuf: string;
  readonly json: unknown;
}

const packed = readFileSync(new URL('samples.generated.json.gz', import.meta.url));
const samples = JSON.parse(gunzipSync(packed).toString()) as Sample[];
const decoded = ({ protobuf }: Sample) => decodeProtobuf(Buffer.from(protobuf, 'base64'));

/** Drops nulls: Go writes null for a list, map or time that is not set, which means the same as leaving the field out. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value;
  const set = Object.entries(value).filter(([, inside]) => inside !== null);
  return Object.fromEntries(set.map(([key, inside]) => [key, withoutNulls(inside)]));
}

test('every field of every kind arrives as in the JSON that Kubernetes writes of the same object', () => {
  const full = samples.filter(({ filled }) => filled === 'full');
  for (const sample of full) assert.deepEqual(withoutNulls(decoded(sample)), withoutNulls(sample.json), sample.kind);
});

test('a zero, false or empty text that was set is kept, one that was not set is left out', () => {
  const zero = samples.filter(({ filled }) => filled === 'zero');
  for (const sample of zero) assert.deepEqual(withoutNulls(decoded(sample)), withoutNulls(sample.json), sample.kind);
});

test('every built-in kind is among the samples', () => {
  const sampled = new Set(samples.map(({ kind }) => kind));
  const served = [...BUILTIN_KINDS, ...REVIEW_KINDS].map((kind) => `${apiVersionOf(kind)}/${kind.kind}`);
  assert.deepEqual(
    served.filter((kind) => !sampled.has(kind)),
    [],
  );
});
