/** What an operator is: a kind of mistake, made wherever a lab offers the occasion. */
import type { Path, YamlDocument } from '../../language/yaml-document.ts';
import { editValue } from '../edit.ts';
import type { Mutant, TextEdit } from '../model.ts';
import type { PlacedManifest, PlacedStep, Subject } from '../subject.ts';
import { textAt, valueAt } from '../tree.ts';

export interface Operator {
  /** `group/name`, as the file is called. */
  readonly name: string;
  /** The mistake, in general. */
  readonly summary: string;
  /** The check that a lab lacks when such a mistake survives. */
  readonly missing: string;
  /** @returns every place where the mistake can be made; knows kinds of Kubernetes and Istio, never a lab. */
  occasions(subject: Subject): readonly Occasion[];
}

export interface Occasion {
  readonly edit: TextEdit | undefined;
  readonly description: string;
  /** Where it begins to matter. */
  readonly from: PlacedStep;
  /** The last step that reads what is changed, where that is not the same. */
  readonly until?: PlacedStep;
  readonly about: readonly string[];
  readonly disguise?: Mutant['disguise'];
}

/** A change of one object: `value` is put at `path`, or what is there is removed when it is undefined. */
export interface Change {
  readonly path: Path;
  readonly value: unknown;
  readonly description: string;
  /** Besides kind and name of the object. */
  readonly about?: readonly string[];
}

interface ManifestOperator extends Pick<Operator, 'name' | 'summary' | 'missing'> {
  /** Kinds of the objects it changes. */
  readonly kinds: readonly string[];
  changes(manifest: PlacedManifest, subject: Subject): readonly Change[];
}

/** An operator that changes manifests. */
export function onManifests(operator: ManifestOperator): Operator {
  const { name, summary, missing, kinds, changes } = operator;
  return {
    name,
    summary,
    missing,
    occasions: (subject) =>
      subject.manifests
        .filter(({ kind }) => kinds.includes(kind))
        .flatMap((manifest) =>
          changes(manifest, subject).flatMap((change): Occasion[] => {
            const [from] = manifest.uses;
            if (from === undefined) return [];
            return [
              {
                edit: editIn(manifest.document, [...manifest.path, ...change.path], change.value),
                description: `${manifest.kind} ${manifest.name}: ${change.description}`,
                from,
                until: manifest.uses.at(-1) ?? from,
                about: [manifest.name, ...(change.about ?? []), ...valuesOf(manifest, change)],
              },
            ];
          }),
        ),
  };
}

/** The wrong value and the right one, where they are words: the number 3 stands everywhere. */
function valuesOf({ object }: PlacedManifest, { path, value }: Change): readonly string[] {
  return [value, valueAt(object, path)].flatMap((one) => {
    if (typeof one !== 'string' && typeof one !== 'number') return [];
    const text = String(one);
    return /[A-Za-z]..|\d\d/.test(text) || /^v\d$/.test(text) ? [text] : [];
  });
}

function editIn(document: YamlDocument, path: Path, value: unknown): TextEdit | undefined {
  return editValue(document, path, value);
}

/** Kinds with a pod template. */
export const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'DeploymentConfig'];
export const TEMPLATE: Path = ['spec', 'template'];
export const CONTAINERS: Path = ['spec', 'template', 'spec', 'containers'];

/** For a command: the manifest's own namespace; without one the project that the shell is in counts. */
export function inNamespace(object: unknown): string {
  const namespace = textAt(object, ['metadata', 'namespace']);
  return namespace === undefined ? '' : ` -n ${namespace}`;
}

/** Another host, in the same domain: `fruit.orchard` becomes `fruit-typo.orchard`. */
export function misspeltHost(host: string): string {
  return host.replace(/^[^.]+/, '$&-typo');
}
