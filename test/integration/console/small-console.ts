/**
 * A small console with the ids and page flow of OpenShift's, for testing the page objects. Run as a program, it replaces `bridge` and
 * creates what is clicked on the cluster whose token and address it is given.
 */

import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { rootPathOf } from '../../../model/api-version.ts';

export type Release = '4.12' | '4.16' | '4.18';

export interface Package {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly sourceNamespace: string;
  readonly channels: readonly string[];
  readonly defaultChannel: string;
  readonly newest?: string;
  /** The namespace that the operator proposes. */
  readonly namespace: string;
}

export interface Operator {
  readonly title: string;
  readonly kinds: readonly { readonly kind: string; readonly title: string; readonly example: object }[];
}

/** The data that the console shows, and how it creates objects. */
export interface Cluster {
  packages(): Promise<readonly Package[]>;
  operators(): Promise<readonly Operator[]>;
  projects(): Promise<readonly string[]>;
  /** @returns the object as created. @throws with the message that the console shows. */
  create(object: object): Promise<object>;
}

export interface SmallConsole {
  readonly address: string;
  stop(): Promise<void>;
}

const HTML = readFileSync(join(import.meta.dirname, 'small-console.html'), 'utf8');

interface SmallConsoleOptions {
  readonly port?: number;
  /** Who must sign in first. */
  readonly user?: { readonly name: string; readonly password: string };
  /** In which people find themselves. */
  readonly perspective?: 'Administrator' | 'Developer';
}

export async function startSmallConsole(
  release: Release,
  cluster: Cluster,
  { port = 0, user, perspective = 'Administrator' }: SmallConsoleOptions = {},
): Promise<SmallConsole> {
  const signedIn = (asked: IncomingMessage) => user === undefined || asked.headers.cookie?.includes('session=yes');
  const server = createServer((asked, response) => {
    const { pathname } = new URL(asked.url ?? '/', 'http://console');
    const work = signedIn(asked) || pathname === '/health' ? answer(release, cluster, perspective) : door(user);
    work(pathname, asked, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      response.writeHead(400).end(JSON.stringify({ message }));
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Handler = (path: string, asked: IncomingMessage, response: ServerResponse) => Promise<void>;

function answer(release: Release, cluster: Cluster, perspective: string): Handler {
  return async (path, asked, response) => {
    const json = (document: unknown) => response.end(JSON.stringify(document));
    if (path === '/packages') json(await cluster.packages());
    else if (path === '/operators') json(await cluster.operators());
    else if (path === '/projects') json(await cluster.projects());
    else if (path === '/create') json(await cluster.create(JSON.parse(await bodyOf(asked))));
    else if (path === '/yaml') json(loadAll(await bodyOf(asked)));
    else if (path === '/health') json({ status: 'ok' });
    else
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(HTML.replace('RELEASE', release).replace('PERSPECTIVE', perspective));
  };
}

/** As OpenShift's OAuth server: a choice of identity providers, then a form. */
function door(user: { name: string; password: string } | undefined): Handler {
  return async (path, asked, response) => {
    const html = (text: string) => response.writeHead(200, { 'content-type': 'text/html' }).end(text);
    const form = `<form method="post" action="/login"><input id="inputUsername" name="username">
      <input id="inputPassword" name="password" type="password"><button type="submit">Log in</button></form>`;
    if (asked.method === 'POST') {
      const given = new URLSearchParams(await bodyOf(asked));
      if (given.get('username') === user?.name && given.get('password') === user?.password)
        response.writeHead(302, { location: '/', 'set-cookie': 'session=yes; HttpOnly' }).end();
      else html(`<p role="alert">Invalid login or password. Please try again.</p>${form}`);
    } else if (path.startsWith('/login')) html(form);
    else if (path.startsWith('/oauth/authorize')) response.writeHead(302, { location: '/login' }).end();
    else
      html(`<h1>Log in with…</h1><a href="/oauth/authorize?idp=kube%3Aadmin">kube:admin</a>
        <a href="/oauth/authorize?idp=people">people</a>`);
  };
}

async function bodyOf(asked: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of asked) parts.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(parts).toString('utf8');
}

/** A cluster’s API, called as bridge calls it. */
export function clusterAt(server: string, token: string, ca: string): Cluster {
  const call = (method: string, path: string, body?: object): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const asked = request(`${server}${path}`, { method, ca, headers }, async (response) => {
        const document = JSON.parse(await bodyOf(response));
        if ((response.statusCode ?? 500) < 300) resolve(document);
        else reject(new Error(document.message));
      });
      asked.on('error', reject);
      asked.end(body && JSON.stringify(body));
    });
  const list = async (path: string) => (await call('GET', path))['items'] as ListedObject[];
  return {
    packages: async () =>
      (await list('/apis/packages.operators.coreos.com/v1/namespaces/openshift-marketplace/packagemanifests')).map(
        packageOf,
      ),
    operators: async () => (await list('/apis/operators.coreos.com/v1alpha1/clusterserviceversions')).map(operatorOf),
    projects: async () => (await list('/apis/project.openshift.io/v1/projects')).map(({ metadata }) => metadata.name),
    create: async (object) => call('POST', await pathFor(object, call), object),
  };
}

interface ListedObject {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  // biome-ignore lint/suspicious/noExplicitAny: a console reads what it is given
  readonly spec?: any;
  // biome-ignore lint/suspicious/noExplicitAny: a console reads what it is given
  readonly status?: any;
}

function packageOf({ metadata: { name }, status }: ListedObject): Package {
  const { catalogSource: source, catalogSourceNamespace: sourceNamespace, defaultChannel, channels } = status;
  const chosen = channels.find((channel: { name: string }) => channel.name === defaultChannel) ?? channels[0];
  const { displayName, annotations = {} } = chosen.currentCSVDesc;
  return {
    name,
    title: displayName,
    source,
    sourceNamespace,
    channels: channels.map((channel: { name: string }) => channel.name),
    defaultChannel,
    newest: chosen.currentCSV,
    namespace: annotations['operatorframework.io/suggested-namespace'] ?? 'openshift-operators',
  };
}

function operatorOf({ metadata, spec }: ListedObject): Operator {
  const examples: { kind: string }[] = JSON.parse(metadata.annotations?.['alm-examples'] ?? '[]');
  const owned: { kind: string; displayName: string }[] = spec.customresourcedefinitions?.owned ?? [];
  const kinds = owned.map(({ kind, displayName: title }) => {
    const example = examples.find((one) => one.kind === kind) ?? { kind, metadata: { name: 'example' } };
    return { kind, title, example };
  });
  return { title: spec.displayName, kinds };
}

async function pathFor(
  object: object,
  call: (method: string, path: string) => Promise<Record<string, unknown>>,
): Promise<string> {
  const { apiVersion, kind, metadata } = object as {
    apiVersion: string;
    kind: string;
    metadata: { namespace?: string };
  };
  const base = rootPathOf(apiVersion);
  const { resources } = (await call('GET', base)) as {
    resources: { name: string; kind: string; namespaced: boolean }[];
  };
  const found = resources.find((one) => one.kind === kind && !one.name.includes('/'));
  if (found === undefined) throw new Error(`no kind ${kind} in ${apiVersion}`);
  return `${base}${found.namespaced ? `/namespaces/${metadata.namespace}` : ''}/${found.name}`;
}

if (process.argv[1] === import.meta.filename) {
  const listen = new URL(process.argv.find((one) => one.startsWith('--listen='))?.slice('--listen='.length) ?? '');
  const { BRIDGE_K8S_MODE_OFF_CLUSTER_ENDPOINT: server = '', BRIDGE_K8S_AUTH_BEARER_TOKEN: token = '' } = process.env;
  const ca = readFileSync(process.env['SSL_CERT_FILE'] ?? '', 'utf8');
  await startSmallConsole('4.16', clusterAt(server, token, ca), { port: Number(listen.port) });
}
