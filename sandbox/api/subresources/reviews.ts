/** Reviews: questions about users and permissions, answered at once and never stored. There is no RBAC: all is allowed. */

import type { Core } from '../core.ts';
import type { Exchange } from '../http/exchange.ts';
import { at, fields, isFields, text } from '../json.ts';
import { REVIEW_KINDS } from '../registry/builtin.ts';
import { apiVersionOf } from '../registry/kind.ts';
import { methodNotAllowed } from '../status.ts';
import type { User } from '../types.ts';

const ALLOWED = { allowed: true, reason: 'the sandbox allows everything to whoever is authenticated' };

/** @returns the review with its answer; `undefined` when the path names no review. */
export function answerReview(
  core: Core,
  { request, path, user }: Exchange,
  body: unknown,
): Record<string, unknown> | undefined {
  const kind = REVIEW_KINDS.find(
    (one) => one.group === path.group && one.version === path.version && one.plural === path.resource,
  );
  if (kind === undefined) return undefined;
  if (request.method !== 'POST') throw methodNotAllowed();
  const review = {
    ...fields(body),
    kind: kind.kind,
    apiVersion: apiVersionOf(kind),
    metadata: { creationTimestamp: null },
  };
  return { ...review, status: statusOf(core, kind.kind, user, body) };
}

function statusOf(core: Core, kind: string, user: User, body: unknown): unknown {
  switch (kind) {
    case 'SelfSubjectReview':
      return { userInfo: { username: user.name, groups: user.groups } };
    case 'SelfSubjectRulesReview':
      return {
        resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
        nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
        incomplete: false,
      };
    case 'TokenReview':
      return tokenStatus(core, text(at(body, 'spec', 'token')));
    default:
      return isFields(body) ? ALLOWED : { allowed: false };
  }
}

function tokenStatus(core: Core, token: string): unknown {
  const user = core.authenticator.check(token);
  if (user === undefined) return { authenticated: false, user: {}, error: 'invalid bearer token' };
  return { authenticated: true, user: { username: user.name, groups: user.groups } };
}
