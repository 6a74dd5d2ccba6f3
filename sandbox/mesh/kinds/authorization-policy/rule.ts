/** One rule of an AuthorizationPolicy as a policy of Envoy's RBAC filter: any of `from`, any of `to`, all of `when`. */

import type { Message } from '../../../xds/encode.ts';
import { type Attribute, PERMISSIONS, PRINCIPALS, principalOf } from './attributes.ts';
import type { AuthorizationRule, Condition } from './types.ts';

interface Asked {
  readonly attribute: Attribute;
  readonly values: readonly string[];
  readonly notValues: readonly string[];
}

export interface Meaning {
  readonly http: boolean;
  /** If a rule uses attributes that the protocol lacks, a DENY rule ignores them and an ALLOW rule never matches. */
  readonly denies: boolean;
}

/** Envoy's names for the parts of one side. */
interface Side {
  readonly all: (parts: readonly Message[]) => Message;
  readonly some: (parts: readonly Message[]) => Message;
  readonly not: (part: Message) => Message;
}
const CALLED: Side = {
  all: (rules) => ({ and_rules: { rules } }),
  some: (rules) => ({ or_rules: { rules } }),
  not: (rule) => ({ not_rule: rule }),
};
const CALLER: Side = {
  all: (ids) => ({ and_ids: { ids } }),
  some: (ids) => ({ or_ids: { ids } }),
  not: (id) => ({ not_id: id }),
};

/** @returns undefined if the rule can't match anything. */
export function policyOf(rule: AuthorizationRule, meaning: Meaning): Message | undefined {
  const when = rule.when ?? [];
  const calledWhen = when.flatMap((condition) => askedOf(PERMISSIONS[condition.key], condition));
  const callerWhen = when.flatMap((condition) => askedOf(principalOf(condition.key), condition));
  const froms = anyOf(rule.from).map(({ source }: { source?: object }) => fields(source, PRINCIPALS));
  const tos = anyOf(rule.to).map(({ operation }: { operation?: object }) => fields(operation, PERMISSIONS));
  const permissions = tos.map((asked) => allOf(CALLED, [...asked, ...calledWhen], meaning));
  const principals = froms.map((asked) => allOf(CALLER, [...asked, ...callerWhen], meaning));
  const known = (parts: readonly (Message | undefined)[]): readonly Message[] =>
    parts.filter((part) => part !== undefined);
  if (permissions.includes(undefined) || principals.includes(undefined)) return undefined;
  return { permissions: known(permissions), principals: known(principals) };
}

/** An empty list says as little as none: istiod decodes both alike. */
function anyOf<T extends object>(list: readonly T[] | undefined): readonly (T | Record<string, never>)[] {
  return list === undefined || list.length === 0 ? [{}] : list;
}

/** Matches no request. */
export const NEVER: Message = {
  permissions: [{ not_rule: { any: true } }],
  principals: [{ not_id: { any: true } }],
};

function askedOf(attribute: Attribute | undefined, { values = [], notValues = [] }: Condition): readonly Asked[] {
  return attribute === undefined ? [] : [{ attribute, values, notValues }];
}

function fields(part: object | undefined, attributes: Readonly<Record<string, Attribute>>): readonly Asked[] {
  const lists = new Map<string, readonly string[]>(Object.entries(part ?? {}));
  return Object.entries(attributes).flatMap(([name, attribute]) => {
    const values = lists.get(name) ?? [];
    const notValues = lists.get(`not${name.charAt(0).toUpperCase()}${name.slice(1)}`) ?? [];
    return values.length + notValues.length === 0 ? [] : [{ attribute, values, notValues }];
  });
}

function allOf(side: Side, asked: readonly Asked[], { http, denies }: Meaning): Message | undefined {
  const parts: Message[] = [];
  for (const { attribute, values, notValues } of asked) {
    for (const [list, negated] of [
      [values, false],
      [notValues, true],
    ] as const) {
      const made = list.map((value) => attribute(value, http)).filter((part) => part !== undefined);
      if (made.length < list.length && !denies) return undefined;
      if (made.length > 0) parts.push(negated ? side.not(side.some(made)) : side.some(made));
    }
  }
  return side.all(parts.length === 0 ? [{ any: true }] : parts);
}
