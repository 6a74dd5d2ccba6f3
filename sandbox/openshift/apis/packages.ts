/** packages.operators.coreos.com: what the catalog offers, as `oc get packagemanifests` shows it. */

import { age } from '../../api/tables/age.ts';
import type { AggregatedApi, ApiRequest, ApiResponse, TablePrinter } from '../../api/types.ts';
import { ApiError } from '../../client/client.ts';
import { CATALOG, CATALOG_NAMESPACE } from '../fresh.ts';
import type { CatalogPackage, Release } from '../release.ts';

const API_VERSION = 'packages.operators.coreos.com/v1';

const PRINTER: TablePrinter = {
  columns: [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Catalog', type: 'string' },
    { name: 'Age', type: 'string' },
  ],
  row: (manifest, now) => {
    const status = manifest['status'] as { catalogSourceDisplayName: string };
    return [
      manifest.metadata.name,
      status.catalogSourceDisplayName,
      age(String(manifest.metadata['creationTimestamp']), now),
    ];
  },
};

export function packageApi(release: Release, since: string): AggregatedApi {
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
    ],
    handle: async (request) => answer(release, since, request),
    tables: { packagemanifests: PRINTER },
  };
}

function answer(release: Release, since: string, request: ApiRequest): ApiResponse {
  const namespace = request.namespace ?? CATALOG_NAMESPACE;
  if (request.verb === 'list') {
    const items = release.packages.map((one) => manifestOf(release, one, namespace, since));
    return { body: { apiVersion: API_VERSION, kind: 'PackageManifestList', metadata: {}, items } };
  }
  const found = release.packages.find((one) => one.name === request.name);
  if (found === undefined)
    throw new ApiError(404, 'NotFound', `packagemanifests.packages.operators.coreos.com "${request.name}" not found`);
  return { body: manifestOf(release, found, namespace, since) };
}

function manifestOf(release: Release, offered: CatalogPackage, namespace: string, since: string): object {
  const channels = Object.entries(offered.channels).map(([name, csvs]) => {
    const currentCSV = csvs.at(-1) ?? '';
    const csv = release.csvs[currentCSV];
    return {
      name,
      currentCSV,
      currentCSVDesc: {
        displayName: csv?.displayName ?? offered.displayName,
        version: csv?.version ?? '',
        provider: { name: 'Red Hat' },
      },
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
      labels: { catalog: CATALOG, 'catalog-namespace': CATALOG_NAMESPACE, provider: 'Red Hat', 'provider-url': '' },
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
