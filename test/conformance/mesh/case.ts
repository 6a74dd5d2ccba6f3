/** Cases as they are written in `cases/*.yaml`, and the objects they stand for. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { KubeObject } from '../../../sandbox/client/client.ts';
import { KINDS } from './stage/cluster.ts';
import type { From } from './stage/index.ts';

/** By kind, then by `name` or `namespace/name` (else of `alpha`): the spec. */
type Rules = Readonly<Record<string, Readonly<Record<string, object>>>>;

export interface Ask {
  /** `GET http://web/path`, `TCP web:9000`. */
  readonly ask: string;
  /** Default `caller`. */
  readonly from?: From;
  /** Connects there instead of to the URL's host. */
  readonly at?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Asked so often, one after the other; how often each answer came is compared within what chance allows. */
  readonly times?: number;
  /** … all at once. */
  readonly together?: boolean;
  /** … on a connection that lasts. */
  readonly keep?: boolean;
  /** Which answers came is compared, not how often. */
  readonly kinds?: boolean;
  /** Pods of one version are told apart. */
  readonly exact?: boolean;
  /** Headers of the answer that are compared. */
  readonly see?: readonly string[];
  /** Headers that reached the pod and are compared. */
  readonly sent?: readonly string[];
  /** Whether it took as many milliseconds is compared. */
  readonly longer?: number;
  /** Who else got it is compared: pods and the hosts they were asked for. */
  readonly mirrored?: boolean;
}

interface WrittenCase {
  readonly case: string;
  readonly rules?: Rules;
  /** Made a second after the others, so that these are younger. */
  readonly later?: Rules;
  /** A VirtualService `web` of the mesh for host `web` with these routes. */
  readonly http?: readonly object[];
  /** A Gateway `shop` and a VirtualService for `shop.test` with these routes. */
  readonly shop?: readonly object[];
  /** A DestinationRule for `web` with subsets v1, v2 and, without pods, v9. */
  readonly subsets?: boolean;
  /** What that rule says besides. */
  readonly policy?: object;
  readonly asks: readonly Ask[];
}

export interface Case {
  readonly title: string;
  readonly objects: readonly KubeObject[];
  readonly later: readonly KubeObject[];
  readonly asks: readonly Ask[];
  /** Asked once, as soon as its rules say that they have reached the proxies. */
  readonly once: boolean;
}

const FOLDER = join(import.meta.dirname, 'cases');

/** Names of the files without ending. */
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
