/** The objects of a bundle: a ClusterServiceVersion as the catalog holds it. Pure but for reading the CRDs. */
import type { AnyObject } from '../../client/kinds.ts';
import type { ClusterServiceVersion, CsvDeployment } from '../kinds.ts';
import { CSVS } from '../kinds.ts';
import type { CatalogCsv, Release } from '../release.ts';
import { crdsOfBundle } from '../schemas.ts';

export async function csvOf(
  name: string,
  namespace: string,
  release: Release,
  label: string,
): Promise<ClusterServiceVersion> {
  const entry = release.csvs[name];
  if (entry === undefined) throw new Error(`the catalog has no ClusterServiceVersion ${name}`);
  const owned = (await crdsOfBundle(entry, release)).map(ownedCrd);
  return {
    apiVersion: CSVS.apiVersion,
    kind: CSVS.kind,
    metadata: {
      name,
      namespace,
      labels: { [label]: '' },
      annotations: {
        'olm.operatorNamespace': namespace,
        'olm.targetNamespaces': '',
        capabilities: 'Seamless Upgrades',
      },
    },
    spec: {
      displayName: entry.displayName,
      description: `${entry.displayName}, as the sandbox imitates it.`,
      version: entry.version,
      ...(entry.replaces === undefined ? {} : { replaces: entry.replaces }),
      maturity: 'alpha',
      provider: { name: 'Red Hat' },
      installModes: [
        { type: 'OwnNamespace', supported: false },
        { type: 'SingleNamespace', supported: false },
        { type: 'MultiNamespace', supported: false },
        { type: 'AllNamespaces', supported: true },
      ],
      install: { strategy: 'deployment', spec: { deployments: [deploymentOf(entry)] } },
      customresourcedefinitions: { owned },
    },
  };
}

function ownedCrd(crd: AnyObject): { name: string; kind: string; version: string } {
  const spec = crd['spec'] as { names: { kind: string }; versions: { name: string; storage: boolean }[] };
  const version = spec.versions.find((one) => one.storage)?.name ?? spec.versions[0]?.name ?? 'v1';
  return { name: crd.metadata.name, kind: spec.names.kind, version };
}

function deploymentOf({ deployment, containers }: CatalogCsv): CsvDeployment {
  return {
    name: deployment,
    spec: {
      replicas: 1,
      selector: { matchLabels: { name: deployment } },
      template: {
        metadata: { labels: { name: deployment } },
        spec: {
          serviceAccountName: deployment,
          containers: Object.entries(containers).map(([name, image]) => ({ name, image, imagePullPolicy: 'Always' })),
        },
      },
    },
  };
}
