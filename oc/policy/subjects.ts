/** The subjects of a role binding. */

import { type Fields, fields, listAt, textAt } from '../../model/fields.ts';

export interface Subject {
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  readonly name: string;
  readonly namespace?: string;
}

const GROUP = 'rbac.authorization.k8s.io';

/** A user's name may be that of a service account, in the form used in service account tokens. */
export function userSubject(name: string): Subject {
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
  return namespace === undefined || account === undefined
    ? { kind: 'User', name }
    : { kind: 'ServiceAccount', name: account, namespace };
}

export function subjectsOf(binding: unknown): readonly Subject[] {
  return listAt(binding, 'subjects').flatMap((subject): Subject[] => {
    const [kind, name, namespace] = ['kind', 'name', 'namespace'].map((field) => textAt(subject, field));
    if ((kind !== 'User' && kind !== 'Group' && kind !== 'ServiceAccount') || name === undefined) return [];
    return [{ kind, name, ...(kind === 'ServiceAccount' && namespace !== undefined ? { namespace } : {}) }];
  });
}

export function isSame(a: Subject, b: Subject): boolean {
  return a.kind === b.kind && a.name === b.name && a.namespace === b.namespace;
}

/** A subject as in the API. */
export function written(subject: Subject): Fields {
  return subject.kind === 'ServiceAccount' ? { ...subject } : { ...subject, apiGroup: GROUP };
}

export function roleOf(binding: unknown): { kind: string | undefined; name: string | undefined } {
  return { kind: textAt(binding, 'roleRef', 'kind'), name: textAt(binding, 'roleRef', 'name') };
}

export function nameOf(object: unknown): string {
  return textAt(object, 'metadata', 'name') ?? '';
}

export function withSubjects(binding: unknown, subjects: readonly Subject[]): Fields {
  return { ...fields(binding), subjects: subjects.map(written) };
}
