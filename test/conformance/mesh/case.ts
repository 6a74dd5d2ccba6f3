/** Cases in `cases/*.yaml`, and the objects they stand for. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { KubeObject } from '../../../sandbox/client/client.ts';
import { KINDS } from './environment/cluster.ts';
import type { From } from './environment/index.ts';

/** Specs by kind, then by `name` (in `alpha`) or `namespace/name`. */
type Rules = Readonly<Record<string, Readonly<Record<string, object>>>>;

export interface Ask {
  /** `GET http://web/path`, `TCP web:9000`. */
  readonly ask: string;
  /** Default `caller`. */
  readonly from?: From;
  /** Connects there instead of to the URL's host. */
  readonly at?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Number of requests, sent one after the other. The count of each answer is compared within what chance allows. */
  readonly times?: number;
  /** Sends them all at once. */
  readonly together?: boolean;
  /** Sends them on one connection that is kept open. */
  readonly keep?: boolean;
  /** Compares which answers came, not how often. */
  readonly kinds?: boolean;
  /** Tells pods of the same version apart. */
  readonly exact?: boolean;
  /** Headers of the answer to compare. */
  readonly see?: readonly string[];
  /** Headers that reached the pod, to compare. */
  readonly sent?: readonly string[];
  /** Compares whether the answer took at least this many milliseconds. */
  readonly longer?: number;
  /** Compares who else received the request: pods and the hosts it was sent to. */
  readonly mirrored?: boolean;
}

interface WrittenCase {
  readonly case: string;
  readonly rules?: Rules;
  /** Created a second after the others, so that they are younger. */
  readonly later?: Rules;
  /** A VirtualService `web` of the mesh for host `web` with these routes. */
  readonly http?: readonly object[];
  /** A Gateway `shop` and a VirtualService for `shop.test` with these routes. */
  readonly shop?: readonly object[];
  /** A DestinationRule for `web` with subsets v1, v2 and, without pods, v9. */
  readonly subsets?: boolean;
  /** Further fields of that rule. */
  readonly policy?: object;
  readonly asks: readonly Ask[];
}

export interface Case {
  readonly title: string;
  readonly objects: readonly KubeObject[];
  readonly later: readonly KubeObject[];
  readonly asks: readonly Ask[];
  /** Sends each request once, as soon as the rules' status says that the proxies have them. */
  readonly once: boolean;
}

const FOLDER = join(import.meta.dirname, 'cases');

/** Names of the files without extension. */
export function suites(): readonly string[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
  return names.map((name) => name.slice(0, -'.yaml'.length)).sort();
}

export function casesOf(suite: string): readonly Case[] {
  const written = load(readFileSync(join(FOLDER, `${suite}.yaml`), 'utf8')) as {
    readonly cases: readonly WrittenCase[];
    readonly once?: boolean;
  };
  return written.cases.map((one) => ({
    once: written.once === true,
    title: one.case,
    objects: [...shorthands(one), ...objectsOf(one.rules ?? {})],
    later: objectsOf(one.later ?? {}),
    asks: one.asks,
  }));
}

const SHOP = {
  selector: { istio: 'ingressgateway' },
  servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['shop.test'] }],
};

function shorthands({ http, shop, subsets, policy }: WrittenCase): readonly KubeObject[] {
  const rule = {
    host: 'web',
    ...(policy === undefined ? {} : { trafficPolicy: policy }),
    ...(subsets === true ? { subsets: ['v1', 'v2', 'v9'].map((name) => ({ name, labels: { version: name } })) } : {}),
  };
  return objectsOf({
    ...(subsets === true || policy !== undefined ? { DestinationRule: { web: rule } } : {}),
    ...(shop === undefined ? {} : { Gateway: { shop: SHOP } }),
    VirtualService: {
      ...(http === undefined ? {} : { web: { hosts: ['web'], http } }),
      ...(shop === undefined ? {} : { shop: { hosts: ['shop.test'], gateways: ['shop'], http: shop } }),
    },
  });
}

function objectsOf(rules: Rules): readonly KubeObject[] {
  return Object.entries(rules).flatMap(([kind, named]) =>
    Object.entries(named).map(([key, spec]) => {
      const [name = '', namespace = 'alpha'] = key.split('/').reverse();
      const of = KINDS[kind];
      if (of === undefined) throw new Error(`no kind ${kind}`);
      return Object.assign({ apiVersion: of.apiVersion, kind, metadata: { name, namespace } }, { spec });
    }),
  );
}
