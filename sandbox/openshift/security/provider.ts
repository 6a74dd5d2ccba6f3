/** A SecurityContextConstraints object, completed with the values of a namespace. */
import { at, type Fields, fields, items, number, recordsAt, text } from '../../../model/fields.ts';

export const USERS = 'openshift.io/sa.scc.uid-range';
export const GROUPS = 'openshift.io/sa.scc.supplemental-groups';
export const LEVEL = 'openshift.io/sa.scc.mcs';

export interface Range {
  readonly first: number;
  readonly last: number;
}

/** Absent members allow anything. */
export interface Provider {
  readonly constraint: Fields;
  readonly users?: Range;
  readonly fsGroups?: readonly Range[];
  readonly groups?: readonly Range[];
  readonly seLinux?: Fields;
  /** The allowed seccomp profiles, by their names on nodes; `*` for any. */
  readonly seccomp: readonly string[];
}

type Annotations = Readonly<Record<string, string>>;

/** @param annotations of the pod's namespace. @returns `undefined` if the constraint needs annotations that are missing. */
export function providerFor(constraint: Fields, annotations: Annotations): Provider | undefined {
  const [users, ...more] = blocks(annotations[USERS] ?? '');
  const [group, ...groups] = blocks(annotations[GROUPS] ?? annotations[USERS] ?? '');
  const level = annotations[LEVEL];
  if (users === undefined || more.length > 0 || group === undefined || level === undefined) return undefined;
  const own = usersOf(constraint, users);
  // The fsGroup is the first group of the namespace.
  const fsGroups = groupsOf(constraint['fsGroup'], [{ first: group.first, last: group.first }]);
  const supplemental = groupsOf(constraint['supplementalGroups'], [group, ...groups]);
  const seLinux = seLinuxOf(constraint, level);
  return {
    constraint,
    seccomp: items(constraint['seccompProfiles']).map(text),
    ...(own === undefined ? {} : { users: own }),
    ...(fsGroups === undefined ? {} : { fsGroups }),
    ...(supplemental === undefined ? {} : { groups: supplemental }),
    ...(seLinux === undefined ? {} : { seLinux }),
  };
}

/** Parses ranges such as `1000680000/10000` and `5-9`, separated by commas. */
function blocks(value: string): Range[] {
  return value.split(',').flatMap((block) => {
    const [, first, sign, second] = /^(\d+)([/-])(\d+)$/.exec(block.trim()) ?? [];
    if (first === undefined) return [];
    const start = Number(first);
    return [{ first: start, last: sign === '/' ? start + Number(second) - 1 : Number(second) }];
  });
}

function usersOf({ runAsUser }: Fields, ofNamespace: Range): Range | undefined {
  const { type, uid, uidRangeMin, uidRangeMax } = fields(runAsUser);
  if (type === 'MustRunAs') return { first: number(uid), last: number(uid) };
  if (type !== 'MustRunAsRange') return undefined;
  if (uidRangeMin === undefined && uidRangeMax === undefined) return ofNamespace;
  return { first: number(uidRangeMin), last: number(uidRangeMax) };
}

function groupsOf(strategy: unknown, ofNamespace: readonly Range[]): readonly Range[] | undefined {
  if (at(strategy, 'type') !== 'MustRunAs') return undefined;
  const own = recordsAt(strategy, 'ranges').map(({ min, max }) => ({ first: number(min), last: number(max) }));
  return own.length > 0 ? own : ofNamespace;
}

function seLinuxOf({ seLinuxContext }: Fields, level: string): Fields | undefined {
  if (at(seLinuxContext, 'type') !== 'MustRunAs') return undefined;
  return { level, ...fields(at(seLinuxContext, 'seLinuxOptions')) };
}
