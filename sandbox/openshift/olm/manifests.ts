/** The ClusterServiceVersion in a bundle of the catalog. Pure, except that it reads the CRDs. */
import type { ClusterServiceVersion, CsvDeployment } from '../kinds.ts';
import { CSVS } from '../kinds.ts';
import type { CatalogCsv, Release } from '../release.ts';
import { crdsOfBundle } from '../schemas.ts';
import { examplesOf, iconOf, loadCatalogTexts, ownedKind, type PackageText, packageOf } from './catalog-texts.ts';

/** @param label the operator label of the package. @throws when the catalog has no such ClusterServiceVersion. */
export async function csvOf(
  name: string,
  namespace: string,
  release: Release,
  label: string,
): Promise<ClusterServiceVersion> {
  const entry = release.csvs[name];
  if (entry === undefined) throw new Error(`the catalog has no ClusterServiceVersion ${name}`);
  const crds = await crdsOfBundle(entry, release);
  const texts = await loadCatalogTexts(release);
  const text = texts.packages[packageOf(name, release) ?? ''];
  const owned = crds.map((crd) => ownedKind(crd, texts.kinds[crd.metadata.name]));
  const examples = crds.flatMap((crd) => examplesOf(crd, texts.kinds[crd.metadata.name]));
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
        ...annotationsOf(text),
        'alm-examples': JSON.stringify(examples),
      },
    },
    spec: {
      displayName: entry.displayName,
      description: `${text?.description.trim() ?? entry.displayName}\n\nThe sandbox imitates this operator.`,
      keywords: text?.keywords ?? [],
      links: [],
      maintainers: [],
      icon: text === undefined ? [] : [iconOf(text.icon)],
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

function annotationsOf(text: PackageText | undefined): Record<string, string> {
  const where = text?.suggestedNamespace;
  return {
    capabilities: 'Seamless Upgrades',
    ...(text === undefined ? {} : { categories: text.categories, description: text.description.trim() }),
    ...(where === undefined ? {} : { 'operatorframework.io/suggested-namespace': where }),
  };
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
