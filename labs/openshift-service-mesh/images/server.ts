/**
 * The guestbook web application as its users see it. Entries are kept in Redis (writes to the master, reads from the
 * replica and from the master when that fails), or in memory. v2 asks a tone analyzer first and keeps its answer, or
 * the error, with the entry.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { hostname } from 'node:os';
import { page } from './page.ts';
import { type Endpoint, redis } from './redis.ts';

export interface Settings {
  /** v1 or v2, in title and heading. */
  readonly version: string;
  /** In memory when absent. */
  readonly redis: { readonly master: Endpoint; readonly replica: Endpoint } | undefined;
  /** Where v2 asks for an entry's tone. */
  readonly analyzer: string;
}

const NO_TONE = 'Error - unable to detect Tone from the Analyzer service';
const TONE_TIMEOUT_MS = 2_000;

/** A route's answer; `rest` is what follows it in the path, decoded. */
type Route = (rest: readonly string[]) => Promise<{ type: string; body: string }>;

/** @returns a server that does not listen yet. */
export function guestbook(settings: Settings): Server {
  const routes = routesOf(settings);
  return createServer((request, response) => {
    answer(routes, request, response).catch((error: unknown) =>
      send(response, 500, 'text/plain', `${error instanceof Error ? error.message : String(error)}\n`),
    );
  });
}

async function answer(routes: ReadonlyMap<string, Route>, request: IncomingMessage, response: ServerResponse) {
  // Only the path up to "?", in pieces before decoding: an entry may hold any character.
  const [path = '/'] = (request.url ?? '/').split('?');
  const [name = '', ...rest] = path.slice(1).split('/').map(decodeURIComponent);
  const route = routes.get(name);
  if (route === undefined) return send(response, 404, 'text/plain', 'not found\n');
  const { type, body } = await route(rest);
  send(response, 200, type, body);
}

function routesOf(settings: Settings): ReadonlyMap<string, Route> {
  const { version } = settings;
  const store = settings.redis === undefined ? memoryStore() : redisStore(settings.redis);
  const json = (value: unknown) => ({ type: 'application/json', body: JSON.stringify(value) });
  const text = (body: string) => ({ type: 'text/plain; charset=utf-8', body });
  return new Map<string, Route>([
    ['', async () => ({ type: 'text/html; charset=utf-8', body: page(version) })],
    ['lrange', async ([list = '']) => json(await store.entries(list))],
    [
      'rpush',
      async ([list = '', ...words]) => {
        const entry = words.join('/');
        await store.append(list, version === 'v2' ? `${entry} : ${await toneOf(entry, settings.analyzer)}` : entry);
        return json(await store.entries(list));
      },
    ],
    ['hello', async () => text(`Hello from guestbook. Your app is up! (${version} on ${hostname()})\n`)],
    ['healthz', async () => text('ok\n')],
    ['env', async () => ({ type: 'application/json', body: JSON.stringify(process.env, null, 2) })],
    ['info', async () => text(await store.info())],
  ]);
}

interface Store {
  entries(list: string): Promise<readonly string[]>;
  append(list: string, entry: string): Promise<void>;
  info(): Promise<string>;
}

function memoryStore(): Store {
  const lists = new Map<string, string[]>();
  return {
    entries: async (list) => lists.get(list) ?? [],
    append: async (list, entry) => {
      lists.set(list, [...(lists.get(list) ?? []), entry]);
    },
    info: async () => 'entries are kept in memory\n',
  };
}

function redisStore({ master, replica }: NonNullable<Settings['redis']>): Store {
  return {
    entries: async (list) => {
      const command = ['LRANGE', list, '0', '-1'];
      const reply = await redis(replica, command).catch(() => redis(master, command));
      return Array.isArray(reply) ? reply.map(String) : [];
    },
    append: async (list, entry) => {
      await redis(master, ['RPUSH', list, entry]);
    },
    info: async () => String(await redis(master, ['INFO'])),
  };
}

async function toneOf(text: string, analyzer: string): Promise<string> {
  try {
    const response = await fetch(analyzer, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ input_text: text }),
      signal: AbortSignal.timeout(TONE_TIMEOUT_MS),
    });
    return response.ok ? await response.text() : `${NO_TONE} (${response.status})`;
  } catch {
    return NO_TONE;
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-cache' }).end(body);
}
