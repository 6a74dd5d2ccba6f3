import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unsupportedFields } from '../fields/unsupported.ts';
import { MESH_FIELDS } from '../mesh/kinds/index.ts';
import { OPENSHIFT_FIELDS } from './field-support.ts';
import { istioCrds } from './istio/crds.ts';
import { readCrds } from './schemas.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly type?: string;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}
interface Definition {
  readonly group: string;
  readonly names: { readonly kind: string; readonly plural: string };
  readonly versions: readonly { readonly storage: boolean; readonly schema: { readonly openAPIV3Schema: Schema } }[];
}

const NEWEST = 99;
const definitions = istioCrds(await readCrds(''), NEWEST).map((crd) => crd['spec'] as Definition);

interface Leaf {
  readonly path: string;
  /** An object that sets only this field. */
  readonly object: unknown;
}

function leaves(schema: Schema, path: string, wrap: (value: unknown) => unknown): Leaf[] {
  const { properties, items, additionalProperties: values } = schema;
  if (items !== undefined) return leaves(items, `${path}[]`, (value) => wrap([value]));
  if (typeof values === 'object') return leaves(values, `${path}.*`, (value) => wrap({ key: value }));
  const leaf = { path, object: wrap(schema.type === 'integer' ? 1 : 'something') };
  if (properties === undefined) return [leaf];
  const inside = Object.entries(properties).flatMap(([field, one]) =>
    leaves(one, path === '' ? field : `${path}.${field}`, (value) => wrap({ [field]: value })),
  );
  // The schema also allows unknown fields, as in Helm values.
  return schema['x-kubernetes-preserve-unknown-fields'] === true && path !== '' ? [leaf, ...inside] : inside;
}

const covers = (listed: string, path: string): boolean =>
  path === listed || path.startsWith(`${listed}.`) || path.startsWith(`${listed}[`);

for (const { group, kind, plural, support } of [...OPENSHIFT_FIELDS, ...MESH_FIELDS]) {
  const definition = definitions.find((one) => one.group === group && one.names.kind === kind);
  if (definition === undefined) continue;

  test(`${kind}.${group}: every field has an effect or is warned of`, () => {
    assert.equal(plural, definition.names.plural);
    const schema = definition.versions.find(({ storage }) => storage)?.schema.openAPIV3Schema ?? {};
    const all = leaves(schema, '', (value) => value).filter(
      ({ path }) => !/^(apiVersion|kind|metadata|status)\b/.test(path),
    );
    const plain = support.supported.filter((path) => !path.includes('='));
    for (const { path, object } of all) {
      if (plain.some((listed) => covers(listed, path))) continue;
      const told = unsupportedFields({ kind, support, object, old: undefined });
      assert.equal(told.length, 1, `${path} is neither listed as supported nor warned of`);
    }
    // The mesh's tables include fields of later releases, which are not in these CRDs.
    if (MESH_FIELDS.some((one) => one.support === support)) return;
    for (const listed of [...support.supported, ...Object.keys(support.unsupported)]) {
      const [field = ''] = listed.split('=');
      // A leaf of the schema may allow any field below it, as in Helm values.
      const known = field === 'spec' || all.some(({ path }) => covers(field, path) || covers(path, field));
      assert.ok(known, `${field} is not a field of ${kind}`);
    }
  });
}

test('every kind of the sandbox has its table', () => {
  const without = definitions.filter(
    ({ group, names }) =>
      ![...OPENSHIFT_FIELDS, ...MESH_FIELDS].some((one) => one.group === group && one.kind === names.kind),
  );
  assert.deepEqual(
    without.map(({ names }) => names.kind),
    // Only operators write these.
    ['ClusterOperator', 'InstallPlan', 'ClusterServiceVersion'],
  );
});
