/** A lab as operators see it: its steps and manifests with their positions in the files. */
import { readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { Source } from '../language/reading.ts';
import { readYaml, readYamlDocuments } from '../language/yaml.ts';
import type { Path, YamlDocument } from '../language/yaml-document.ts';
import { isRecord } from '../model/fields.ts';
import type { Exercise, Lab, Section, Step } from '../model/lab.ts';
import { apply } from '../steps/apply.ts';
import { check } from '../steps/check.ts';
import { readLab } from '../steps/load.ts';
import { run } from '../steps/run.ts';
import { textAt } from './tree.ts';

export interface PlacedStep {
  readonly section: Section;
  readonly exercise: Exercise;
  /** Ordinal of the exercise in the lab. */
  readonly ordinal: number;
  /** Index of the step within the exercise. */
  readonly index: number;
  readonly step: Step;
  readonly document: YamlDocument;
  readonly path: Path;
}

export interface PlacedManifest {
  readonly document: YamlDocument;
  /** Path of the object in the document. */
  readonly path: Path;
  readonly object: Readonly<Record<string, unknown>>;
  readonly kind: string;
  readonly name: string;
  /** Steps that apply or read it, in order. */
  readonly uses: readonly PlacedStep[];
}

export interface Subject {
  readonly lab: Lab;
  readonly steps: readonly PlacedStep[];
  readonly manifests: readonly PlacedManifest[];
}

/** @param lab a lab that loaded without problems. */
export function subjectOf(lab: Lab): Subject {
  const steps = placedSteps(lab);
  const inline = readLab(lab.directory).contents.flatMap(({ manifests }) => manifests);
  const manifests = [...inline, ...filesOf(lab)].flatMap(({ document, path, value }): PlacedManifest[] => {
    if (!isRecord(value)) return [];
    const [kind, name] = [textAt(value, ['kind']), textAt(value, ['metadata', 'name'])];
    const uses = usesOf(document.file, path, steps, lab);
    if (kind === undefined || name === undefined || uses.length === 0) return [];
    return [{ document, path, object: value, kind, name, uses }];
  });
  return { lab, steps, manifests };
}

function placedSteps(lab: Lab): PlacedStep[] {
  let ordinal = -1;
  return lab.sections.flatMap((section) => {
    const read = readYaml(section.file);
    if ('problems' in read) return [];
    return section.exercises.flatMap((exercise, number) => {
      ordinal += 1;
      const at = ordinal;
      return exercise.steps.map((step, index) => ({
        section,
        exercise,
        ordinal: at,
        index,
        step,
        document: read.document,
        path: ['exercises', number, 'steps', index],
      }));
    });
  });
}

/** Objects in the YAML files of the repositories that the lab clones, used or not. */
function filesOf({ repositories }: Lab): Source[] {
  return repositories.flatMap(({ directory }) =>
    readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .flatMap((name) => {
        const read = readYamlDocuments(join(directory, name));
        return 'problems' in read
          ? []
          : read.documents.map((document) => ({ document, path: [], value: document.value }));
      }),
  );
}

/** Steps that contain the manifest, apply its file, or name it in a command. */
function usesOf(file: string, path: Path, steps: readonly PlacedStep[], lab: Lab): PlacedStep[] {
  const own = steps.filter((placed) => placed.document.file === file && startsWith(path, placed.path));
  if (own.length > 0) return own;
  const written = fileInRepository(file, lab);
  return steps.filter(({ step }) => {
    if (apply.owns(step)) return step.manifests.some(({ at }) => at.file === file);
    if (!run.owns(step) && !check.owns(step)) return false;
    // A folder counts only if objects are created from it: commands also change into folders.
    const folders = [...step.command.matchAll(/(?:-f|--filename)[ =]?(\S+)/g)].map(([, word = '']) => word);
    return (
      wordsOf(step.command).some((word) => names(word, written, false)) ||
      folders.some((word) => names(word, written, true))
    );
  });
}

/** `guestbook/v2/guestbook-service.yaml`: the folder of the clone, and the path within it. */
function fileInRepository(file: string, lab: Lab): string {
  for (const { url, directory } of lab.repositories) {
    const way = relative(directory, file);
    if (!way.startsWith('..')) return `${basename(url, '.git')}/${way}`;
  }
  return relative(lab.directory, file);
}

/** The words of a command that may be paths. */
function wordsOf(command: string): string[] {
  return command.split(/[\s;|&()"'=]+/).filter((word) => word.includes('.') || word.includes('/'));
}

/** Whether a word is the path of the file or its folder, or the end of that path, since the shell may be in any folder. */
function names(word: string, written: string, isFolder: boolean): boolean {
  const plain = word.replace(/^(?:\$\{?\w+\}?|~|\.{1,2})\//, '').replace(/\/$/, '');
  const path = isFolder ? dirname(written) : written;
  return plain === path || path.endsWith(`/${plain}`);
}

function startsWith(path: Path, beginning: Path): boolean {
  return beginning.every((segment, index) => path[index] === segment);
}
