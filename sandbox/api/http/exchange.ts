/** One HTTP exchange about a resource. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { User, Verb } from '../types.ts';
import type { ResourcePath } from './path.ts';

/** A request to upgrade to another protocol, which has no response object. */
export interface Upgraded {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly path: ResourcePath;
  readonly user: User;
}

export interface Exchange extends Upgraded {
  readonly response: ServerResponse;
}

/** What a verb follows from. */
interface Asked {
  readonly request: { readonly method?: string | undefined };
  readonly url: URL;
  readonly path: ResourcePath;
}

/** The verb of a request; `undefined` for a method without one. */
export function verbOf({ request, path, url }: Asked): Verb | undefined {
  const named = path.name !== undefined;
  const watching = path.watch || ['true', '1'].includes(url.searchParams.get('watch') ?? '');
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      if (watching) return 'watch';
      return named ? 'get' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return named ? 'delete' : 'deletecollection';
    default:
      return undefined;
  }
}
