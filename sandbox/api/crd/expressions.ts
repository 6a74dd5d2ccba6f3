/** CEL rules of a CRD's schema, read when the CRD is written. */

import { type Fields, fields, isRecord, records, text } from '../../../model/fields.ts';
import { syntaxFault } from '../cel/environment.ts';
import { checkTypes } from '../cel/types.ts';
import type { StatusCause } from '../status.ts';
import { invalidValue, required } from '../validation/causes.ts';

const OBJECT_FIELDS = ['apiVersion', 'kind', 'metadata'];

/**
 * Finds expressions that do not parse, fields of `self` and `oldSelf` that the schema does not have, and types that do not
 * fit, as far as the schema gives them (`cel/types.ts`).
 */
export function expressionCauses(schema: Fields, path: string, root: boolean): StatusCause[] {
  return records(schema['x-kubernetes-validations']).flatMap((rule, index) => {
    const at = `${path}.x-kubernetes-validations[${index}]`;
    const expression = text(rule['rule']);
    if (expression.trim() === '') return [required(`${at}.rule`, 'rule is not specified')];
    const message = text(rule['message']);
    if (/[\r\n]/.test(message.trim())) return [invalidValue(`${at}.message`, message, 'must not contain line breaks')];
    return (['rule', 'messageExpression'] as const).flatMap((part): StatusCause[] => {
      const source = text(rule[part]);
      const detail = source === '' ? undefined : detailOf(source, part, schema, root);
      if (detail === undefined) return [];
      const message = `Invalid value: ${printed(rule)}: ${detail}`;
      return [{ reason: 'FieldValueInvalid', message, field: `${at}.${part}` }];
    });
  });
}

const WANTED = { rule: 'bool', messageExpression: 'string' } as const;
const NOT_WANTED = {
  rule: 'cel expression must evaluate to a bool',
  messageExpression: 'messageExpression must evaluate to a string',
};

function detailOf(source: string, part: keyof typeof WANTED, schema: Fields, root: boolean): string | undefined {
  const failed = part === 'rule' ? 'compilation failed' : 'messageExpression compilation failed';
  const fault = syntaxFault(source) ?? fieldFault(source, schema, root);
  if (fault !== undefined) return `${failed}: ${fault}`;
  const self = root ? withObjectFields(schema) : schema;
  const checked = checkTypes(source, { self, oldSelf: self });
  if (checked.fault !== undefined) return `${failed}: ${checked.fault}`;
  return checked.type === undefined || checked.type === WANTED[part] ? undefined : NOT_WANTED[part];
}

function withObjectFields(schema: Fields): Fields {
  const implied = Object.fromEntries(OBJECT_FIELDS.map((name) => [name, {}]));
  return { ...schema, properties: { ...implied, ...fields(schema['properties']) } };
}

/** The error for the first field of `self` that the schema does not have, in the words of cel-go. */
function fieldFault(source: string, schema: Fields, root: boolean): string | undefined {
  // Blank out string literals. Their length is kept, so that the column in the message stays right.
  const code = source.replaceAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, (quoted) => '_'.repeat(quoted.length));
  for (const { index, 1: chain = '' } of code.matchAll(/(?<![\w.])(?:self|oldSelf)((?:\.[A-Za-z_]\w*(?![\w(]))+)/g)) {
    const start = code.indexOf('.', index);
    const missing = missingField(chain.slice(1).split('.'), schema, root);
    if (missing === undefined) continue;
    const column = start + missing.offset;
    return `ERROR: <input>:1:${column + 1}: undefined field '${missing.name}'\n | ${source}\n | ${'.'.repeat(column)}^`;
  }
  return undefined;
}

/** @returns the missing field, and the distance in characters from the first dot to the dot before it. */
function missingField(
  names: readonly string[],
  schema: Fields,
  root: boolean,
): { name: string; offset: number } | undefined {
  let here = schema;
  let offset = 0;
  for (const [depth, name] of names.entries()) {
    const { properties, type } = here;
    const implied = (depth === 0 && root) || here['x-kubernetes-embedded-resource'] === true;
    if (type !== 'object' || !isRecord(properties) || (implied && OBJECT_FIELDS.includes(name))) return undefined;
    // Escaped names (`__namespace__`) are not checked.
    if (name.includes('__')) return undefined;
    if (!Object.hasOwn(properties, name)) return { name, offset };
    here = fields(properties[name]);
    offset += name.length + 1;
  }
  return undefined;
}

/** The real server prints the rule with the names of its own fields, as Go escapes JSON. */
function printed(rule: Fields): string {
  const said = {
    Rule: text(rule['rule']),
    Message: text(rule['message']),
    MessageExpression: text(rule['messageExpression']),
    Reason: rule['reason'] ?? null,
    FieldPath: text(rule['fieldPath']),
    OptionalOldSelf: rule['optionalOldSelf'] ?? null,
  };
  const escaped = (one: string): string => `\\u00${one.charCodeAt(0).toString(16)}`;
  return JSON.stringify(said).replaceAll(/[<>&]/g, escaped);
}
