/**
 * Cases in `cases/*.yaml`: HTTPRoutes and GRPCRoutes, requests and the expected answers. The answers come from the specification; the
 * requests follow upstream's own conformance tests.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { KubeObject } from '../../../sandbox/client/client.ts';
import type { Question } from '../mesh/environment/question.ts';

export type From = 'caller' | 'neighbour' | 'stranger';

interface WrittenAsk {
  /** `GET /path`, or `GET http://host:port/path`. Sent through the Gateway unless `from` is given. */
  readonly ask: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly from?: 'caller' | 'neighbour';
  /** The pod that answers. */
  readonly pod?: string;
  /** Default 200. */
  readonly status?: number;
  /** Path and host as the pod saw them. */
  readonly path?: string;
  readonly host?: string;
  /** Headers of the request as the pod saw them; `null` for a header that must be absent. */
  readonly sent?: Readonly<Record<string, string | null>>;
  /** Headers of the answer. */
  readonly see?: Readonly<Record<string, string | null>>;
  /** Pods that get a copy. */
  readonly mirrored?: readonly string[];
  /** Number of requests, and the expected share in percent of each pod or of a status. */
  readonly times?: number;
  readonly shares?: Readonly<Record<string, number>>;
}

/** Conditions by parent (`NAME` or `NAME/SECTION`), such as `Accepted: True Accepted`. */
type Conditions = Readonly<Record<string, string>>;

interface WrittenCase {
  readonly case: string;
  /** By `name` (in `shop`) or `namespace/name`. The default parent is the Gateway `gate`, listener `http`. */
  readonly routes?: Readonly<Record<string, object>>;
  /** The same, for GRPCRoutes. */
  readonly grpcRoutes?: Readonly<Record<string, object>>;
  /** ReferenceGrants in `market`. */
  readonly grants?: Readonly<Record<string, object>>;
  readonly asks?: readonly WrittenAsk[];
  /** By route. */
  readonly conditions?: Readonly<Record<string, Conditions>>;
  /** Number of attached routes, by listener. */
  readonly attached?: Readonly<Record<string, number>>;
}

export type Ask = Omit<WrittenAsk, 'from'> & { readonly from: From; readonly question: Question };

export interface Case {
  readonly title: string;
  readonly grants: readonly KubeObject[];
  readonly routes: readonly KubeObject[];
  readonly asks: readonly Ask[];
  readonly conditions: Readonly<Record<string, Conditions>>;
  readonly attached: Readonly<Record<string, number>>;
}

const FOLDER = join(import.meta.dirname, 'cases');
const GATE = 'gate-istio.shop.svc.cluster.local';

export function suites(): readonly string[] {
  return readdirSync(FOLDER).map((name) => name.replace('.yaml', ''));
}

export function casesOf(suite: string): readonly Case[] {
  const written = load(readFileSync(join(FOLDER, `${suite}.yaml`), 'utf8')) as { cases: readonly WrittenCase[] };
  return written.cases.map((one) => ({
    title: one.case,
    grants: Object.entries(one.grants ?? {}).map(([key, spec]) =>
      object('v1beta1', 'ReferenceGrant', `market/${key}`, spec),
    ),
    routes: [...routesOf('HTTPRoute', one.routes ?? {}), ...routesOf('GRPCRoute', one.grpcRoutes ?? {})],
    asks: (one.asks ?? []).map(readAsk),
    conditions: one.conditions ?? {},
    attached: one.attached ?? {},
  }));
}

function routesOf(kind: string, routes: Readonly<Record<string, object>>): readonly KubeObject[] {
  const parentRefs = [{ name: 'gate', sectionName: 'http' }];
  return Object.entries(routes).map(([key, spec]) => object('v1', kind, key, { parentRefs, ...spec }));
}

function object(version: string, kind: string, key: string, spec: object): KubeObject {
  const [name = '', namespace = 'shop'] = key.split('/').reverse();
  const apiVersion = `gateway.networking.k8s.io/${version}`;
  return Object.assign({ apiVersion, kind, metadata: { name, namespace } }, { spec });
}

function readAsk(ask: WrittenAsk): Ask {
  const [method = '', target = ''] = ask.ask.split(' ');
  const url = target.startsWith('/') ? `http://any.test${target}` : target;
  const headers = ask.headers ?? {};
  const question = ask.from === undefined ? { method, url, at: GATE, headers } : { method, url, headers };
  return { ...ask, from: ask.from ?? 'stranger', question };
}
