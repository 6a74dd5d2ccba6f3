/** Rewrites CEL source to work around gaps in the library: reserved names, and `has()` after an index. */

const RESERVED = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
const SIGNS: Readonly<Record<string, string>> = { '.': '__dot__', '-': '__dash__', '/': '__slash__' };

/** A field's name as it is written in rules: `namespace` is `__namespace__`. */
export function nameInRules(field: string): string {
  if (RESERVED.has(field)) return `__${field}__`;
  return field.replaceAll('__', '__underscores__').replaceAll(/[./-]/g, (sign) => SIGNS[sign] ?? sign);
}

/** Rewrites `has(self.list[0].name)` to `[self.list[0]].exists(it, has(it.name))`, which the library supports. */
export function withoutHasBehindIndex(source: string): string {
  return source.replaceAll(
    /\bhas\(\s*([\w.[\]]*\])((?:\.\w+)+)\s*\)/g,
    (_, item: string, fields: string) => `[${item}].exists(lw_item, has(lw_item${fields}))`,
  );
}
