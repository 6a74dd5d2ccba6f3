/** Test helpers: a server, and requests to it. */

import { startApiServer } from './index.ts';
import type { ApiObject, ApiServer } from './types.ts';

export interface Answer {
  readonly status: number;
  /** Parsed JSON without a type, or text when it is not JSON. */
  readonly body: ReturnType<typeof JSON.parse>;
  readonly headers: Headers;
}

export interface Server extends AsyncDisposable {
  readonly api: ApiServer;
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export async function startServer(): Promise<Server> {
  const api = await startApiServer({
    internal: { host: '127.0.0.1', port: 0 },
    tokens: new Map(),
    serviceCidr: '172.30.0.0/16',
  });
  return {
    api,
    request: async (method, path, body, headers = {}) => {
      const init = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
      const response = await fetch(api.url + path, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...init,
      });
      const text = await response.text();
      const json =
        response.headers.get('content-type')?.startsWith('application/json') === true && !text.includes('}\n{');
      return { status: response.status, body: json ? JSON.parse(text) : text, headers: response.headers };
    },
    [Symbol.asyncDispose]: () => api.stop(),
  };
}

export const PODS = '/api/v1/namespaces/default/pods';

export function pod(name: string, extra: Record<string, unknown> = {}): ApiObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: { containers: [{ name: 'main', image: 'example' }], ...extra },
  };
}

export function deployment(name: string): ApiObject {
  const template = {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name: 'main', image: 'example', env: [{ name: 'A', value: '1' }] }] },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { selector: { matchLabels: { app: name } }, template },
  };
}

export const MERGE = { 'content-type': 'application/merge-patch+json' };
export const STRATEGIC = { 'content-type': 'application/strategic-merge-patch+json' };
