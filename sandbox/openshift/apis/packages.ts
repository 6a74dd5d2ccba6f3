/** packages.operators.coreos.com: the packages of the catalog, for `oc get packagemanifests`. */

import { at, text } from '../../../model/fields.ts';
import { age } from '../../api/tables/age.ts';
import type { AggregatedApi, ApiRequest, ApiResponse, TablePrinter } from '../../api/types.ts';
import { ApiError } from '../../client/client.ts';
import { CATALOG, CATALOG_NAMESPACE } from '../fresh.ts';
import type { ClusterServiceVersion } from '../kinds.ts';
import { csvOf } from '../olm/manifests.ts';
import type { CatalogPackage, Release } from '../release.ts';

const API_VERSION = 'packages.operators.coreos.com/v1';

const PRINTER: TablePrinter = {
  columns: [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Catalog', type: 'string' },
    { name: 'Age', type: 'string' },
  ],
  row: (manifest, now) => {
    return [
      manifest.metadata.name,
      text(at(manifest, 'status', 'catalogSourceDisplayName')),
      age(String(manifest.metadata['creationTimestamp']), now),
    ];
  },
};

export function packageApi(release: Release, since: string): AggregatedApi {
  let versions: Promise<Catalog['versions']> | undefined;
  // Read on first use: reading all CRDs of the catalog takes 0.1 s, and most runs do not need them.
  const catalog = async (): Promise<Catalog> => {
    versions ??= versionsOfferedBy(release);
    return { release, since, versions: await versions };
  };
  return {
    group: 'packages.operators.coreos.com',
    version: 'v1',
    resources: [
      {
        name: 'packagemanifests',
        singularName: 'packagemanifest',
        namespaced: true,
        kind: 'PackageManifest',
        verbs: ['get', 'list'],
      },
      {
        name: 'packagemanifests/icon',
        singularName: '',
        namespaced: true,
        kind: 'PackageManifest',
        verbs: ['get'],
      },
    ],
    handle: async (request) => answer(await catalog(), request),
    tables: { packagemanifests: PRINTER },
  };
}

interface Catalog {
  readonly release: Release;
  readonly since: string;
  /** The newest version in each channel, by channel name. */
  readonly versions: ReadonlyMap<string, ClusterServiceVersion>;
}

/** @throws when the catalog names a ClusterServiceVersion that it does not contain. */
async function versionsOfferedBy(release: Release): Promise<Map<string, ClusterServiceVersion>> {
  const heads = new Set(
    release.packages.flatMap(({ channels }) => Object.values(channels).flatMap((csvs) => csvs.at(-1) ?? [])),
  );
  const versions = await Promise.all([...heads].map((name) => csvOf(name, CATALOG_NAMESPACE, release, 'catalog')));
  return new Map(versions.map((version) => [version.metadata.name, version]));
}

function answer(catalog: Catalog, request: ApiRequest): ApiResponse {
  const { packages } = catalog.release;
  const namespace = request.namespace ?? CATALOG_NAMESPACE;
  if (request.verb === 'list') {
    // Like packageserver, leave out icons in lists, because those of a whole catalog take megabytes.
    const items = packages.map((one) => manifestOf(catalog, one, namespace, false));
    return { body: { apiVersion: API_VERSION, kind: 'PackageManifestList', metadata: {}, items } };
  }
  const found = packages.find((one) => one.name === request.name);
  if (found === undefined)
    throw new ApiError(404, 'NotFound', `packagemanifests.packages.operators.coreos.com "${request.name}" not found`);
  if (request.subresource === 'icon') return iconAnswer(catalog, found);
  return { body: manifestOf(catalog, found, namespace, true) };
}

/** The icon of the default channel's newest version. @throws {ApiError} 404 when it has none. */
function iconAnswer({ versions }: Catalog, { name, channels, defaultChannel }: CatalogPackage): ApiResponse {
  const icon = versions.get(channels[defaultChannel]?.at(-1) ?? '')?.spec.icon?.[0];
  if (icon === undefined) throw new ApiError(404, 'NotFound', `package ${name} has no icon`);
  return { content: Buffer.from(icon.base64data, 'base64'), mediaType: icon.mediatype };
}

/** The description of a version that consoles show before it is installed (packageserver, `CSVDescription`). */
function descriptionOf(csv: ClusterServiceVersion, withIcon: boolean): object {
  const { displayName, version, provider, description, keywords, links, maintainers, maturity, installModes } =
    csv.spec;
  const annotations = Object.fromEntries(
    Object.entries(csv.metadata.annotations ?? {}).filter(([name]) => !name.startsWith('olm.')),
  );
  return {
    displayName,
    version,
    provider,
    annotations,
    description,
    keywords,
    links,
    maintainers,
    maturity,
    installModes,
    ...(withIcon ? { icon: csv.spec.icon ?? [] } : {}),
    customresourcedefinitions: csv.spec.customresourcedefinitions,
    apiservicedefinitions: {},
    relatedImages: csv.spec.install.spec.deployments.flatMap(({ spec }) =>
      spec.template.spec.containers.map(({ image }) => image),
    ),
  };
}

function manifestOf(
  { release, since, versions }: Catalog,
  offered: CatalogPackage,
  namespace: string,
  withIcons: boolean,
): object {
  const channels = Object.entries(offered.channels).map(([name, csvs]) => {
    const currentCSV = csvs.at(-1) ?? '';
    const csv = versions.get(currentCSV);
    return {
      name,
      currentCSV,
      currentCSVDesc: csv === undefined ? {} : descriptionOf(csv, withIcons),
      entries: csvs.map((entry) => ({ name: entry, version: release.csvs[entry]?.version ?? '' })),
    };
  });
  return {
    apiVersion: API_VERSION,
    kind: 'PackageManifest',
    metadata: {
      name: offered.name,
      namespace,
      creationTimestamp: since,
      labels: {
        catalog: CATALOG,
        'catalog-namespace': CATALOG_NAMESPACE,
        provider: 'Red Hat',
        'provider-url': '',
        'operatorframework.io/arch.amd64': 'supported',
        'operatorframework.io/os.linux': 'supported',
      },
    },
    spec: {},
    status: {
      catalogSource: CATALOG,
      catalogSourceDisplayName: 'Red Hat Operators',
      catalogSourceNamespace: CATALOG_NAMESPACE,
      catalogSourcePublisher: 'Red Hat',
      packageName: offered.name,
      provider: { name: 'Red Hat' },
      defaultChannel: offered.defaultChannel,
      channels,
    },
  };
}
