/** `kubectl --as`: impersonation headers, for users who have that permission. */
import type { IncomingHttpHeaders } from 'node:http';
import { badRequest } from '../status.ts';
import type { User } from '../types.ts';
import type { ResourceAttributes } from './attributes.ts';
import type { Authorizer } from './authorizer.ts';
import { refusal } from './forbidden.ts';

/** @returns the user the request acts as. @throws {StatusError} Forbidden, BadRequest. */
export function actingAs(headers: IncomingHttpHeaders, user: User, authorizer: Authorizer): User {
  const name = one(headers['impersonate-user']);
  const groups = many(headers['impersonate-group']);
  if (name === undefined) {
    if (groups.length === 0) return user;
    throw badRequest(`requested groups ${groups.join(', ')} without impersonating a user`);
  }
  for (const attributes of asked(name, groups)) {
    if (!authorizer.allows({ user, attributes })) throw refusal({ user, attributes });
  }
  return { name, groups: [...new Set([...(groups.length > 0 ? groups : groupsOf(name)), 'system:authenticated'])] };
}

function asked(name: string, groups: readonly string[]): readonly ResourceAttributes[] {
  const base = { verb: 'impersonate', group: '', version: 'v1', subresource: '', namespace: '' };
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  const who =
    account === null
      ? { ...base, resource: 'users', name }
      : { ...base, resource: 'serviceaccounts', name: account[2] ?? '', namespace: account[1] ?? '' };
  return [who, ...groups.map((group) => ({ ...base, resource: 'groups', name: group }))];
}

function groupsOf(name: string): string[] {
  const account = /^system:serviceaccount:([^:]+):/.exec(name);
  return account === null ? [] : ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`];
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function many(header: string | string[] | undefined): string[] {
  return (Array.isArray(header) ? header : (header?.split(',') ?? []))
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
