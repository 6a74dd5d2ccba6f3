/** Reviews: questions about users and permissions, answered at once and never stored. */

import { at, fields, isRecord, listAt, text } from '../../../model/fields.ts';
import type { Attributes } from '../access/attributes.ts';
import type { Authorizer } from '../access/authorizer.ts';
import type { Rule } from '../access/rules.ts';
import type { Authenticator } from '../authn.ts';
import type { Exchange } from '../http/exchange.ts';
import { REVIEW_KINDS } from '../registry/builtin.ts';
import { apiVersionOf } from '../registry/kind.ts';
import type { ServerContext } from '../server-context.ts';
import { methodNotAllowed } from '../status.ts';
import type { User } from '../types.ts';

/** Authorization, and the users of tokens. */
type ReviewContext = Pick<ServerContext, 'authorizer' | 'authenticator'>;

/** @returns the review with its answer, `undefined` when the path is not a review. */
export function answerReview(
  context: ReviewContext,
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
  return { ...review, status: statusOf(context, kind.kind, user, body) };
}

function statusOf(context: ReviewContext, kind: string, user: User, body: unknown): unknown {
  const spec = at(body, 'spec');
  switch (kind) {
    case 'SelfSubjectReview':
      return { userInfo: { username: user.name, groups: user.groups } };
    case 'SelfSubjectRulesReview':
      return rulesStatus(context.authorizer, user, text(at(spec, 'namespace')));
    case 'TokenReview':
      return tokenStatus(context.authenticator, text(at(spec, 'token')));
    case 'SelfSubjectAccessReview':
      return accessStatus(context.authorizer, user, spec);
    default:
      return accessStatus(
        context.authorizer,
        { name: text(at(spec, 'user')), groups: listAt(spec, 'groups').map(text) },
        spec,
      );
  }
}

function accessStatus(authorizer: Authorizer, user: User, spec: unknown): unknown {
  const allowed = authorizer.allows({ user, attributes: attributesIn(spec) });
  return { allowed };
}

function attributesIn(spec: unknown): Attributes {
  const path = at(spec, 'nonResourceAttributes');
  if (isRecord(path)) return { verb: text(path['verb']), path: text(path['path']) };
  const asked = fields(at(spec, 'resourceAttributes'));
  const field = (key: string): string => text(asked[key]);
  return {
    verb: field('verb'),
    group: field('group'),
    version: field('version'),
    resource: field('resource'),
    subresource: field('subresource'),
    name: field('name'),
    namespace: field('namespace'),
  };
}

function rulesStatus(authorizer: Authorizer, user: User, namespace: string): unknown {
  const everything: Rule[] = [
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [], nonResourceURLs: [] },
    { verbs: ['*'], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: ['*'] },
  ];
  const masters = authorizer.allows({ user, attributes: { verb: '*', path: '*' } });
  const rules = masters ? everything : authorizer.rules(user, namespace);
  const resourceRules = rules.filter(({ resources }) => resources.length > 0);
  const nonResourceRules = rules.filter(({ nonResourceURLs }) => nonResourceURLs.length > 0);
  return {
    resourceRules: resourceRules.map(({ verbs, apiGroups, resources, resourceNames }) => ({
      verbs,
      apiGroups,
      resources,
      ...(resourceNames.length === 0 ? {} : { resourceNames }),
    })),
    nonResourceRules: nonResourceRules.map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: false,
  };
}

function tokenStatus(authenticator: Authenticator, token: string): unknown {
  const user = authenticator.check(token);
  if (user === undefined) return { authenticated: false, user: {}, error: 'invalid bearer token' };
  return { authenticated: true, user: { username: user.name, groups: user.groups } };
}
