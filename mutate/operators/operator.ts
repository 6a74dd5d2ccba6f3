/** The interface of an operator: a kind of mistake, made wherever it is possible in a lab. */
import type { Path, YamlDocument } from '../../language/yaml-document.ts';
import { editValue } from '../edit.ts';
import type { Mutant, TextEdit } from '../model.ts';
import type { PlacedManifest, PlacedStep, Subject } from '../subject.ts';
import { textAt, valueAt } from '../tree.ts';

export interface Operator {
  /** `group/name`, the same as the file. */
  readonly name: string;
  /** Describes the mistake in general. */
  readonly summary: string;
  /** The check that a lab lacks if such a mistake survives. */
  readonly missing: string;
  /** @returns every possible mistake of this kind. Knows kinds of Kubernetes and Istio, never a particular lab. */
  occasions(subject: Subject): readonly Occasion[];
}

export interface Occasion {
  readonly edit: TextEdit | undefined;
  readonly description: string;
  /** The first step that it affects. */
  readonly from: PlacedStep;
  /** The last step that reads what is changed, if it is a different one. */
  readonly until?: PlacedStep;
  readonly about: readonly string[];
  readonly disguise?: Mutant['disguise'];
}

/** A change of one object: sets `value` at `path`, or removes what is there if `value` is undefined. */
export interface Change {
  readonly path: Path;
  readonly value: unknown;
  readonly description: string;
  /** In addition to the object's kind and name. */
  readonly about?: readonly string[];
}

interface ManifestOperator extends Pick<Operator, 'name' | 'summary' | 'missing'> {
  /** Kinds of object that it changes. */
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

/** The wrong and the right value, if they are distinctive enough: a number such as 3 appears everywhere. */
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

/** An option for a command: the manifest's own namespace, or none, so that the shell's current project is used. */
export function inNamespace(object: unknown): string {
  const namespace = textAt(object, ['metadata', 'namespace']);
  return namespace === undefined ? '' : ` -n ${namespace}`;
}

/** Another host, in the same domain: `fruit.orchard` becomes `fruit-typo.orchard`. */
export function misspeltHost(host: string): string {
  return host.replace(/^[^.]+/, '$&-typo');
}
