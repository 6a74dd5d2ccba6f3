/** Everything that can be checked in a lab without a cluster. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { sampleProblem } from '../expect/like.ts';
import { celProblem } from '../expect/object.ts';
import { findImage, type KnownImage } from '../model/image-reference.ts';
import type { Lab, Position } from '../model/lab.ts';
import { nearest } from '../model/nearest.ts';
import { interpolate } from './interpolate.ts';
import { readLab } from './load.ts';
import { checkManifests } from './manifests.ts';
import type { Problem } from './problem.ts';
import type { Contents } from './reading.ts';
import { checkDocument } from './schema.ts';
import type { StepReader } from './section.ts';
import { readYaml } from './yaml.ts';
import type { YamlDocument } from './yaml-document.ts';

/**
 * @param directory of the lab.
 * @param options.platformImages available in every sandbox.
 * @returns all problems of all files, including warnings (`severity`); none if the lab is valid.
 */
export function validateLab(
  directory: string,
  options: { readonly readStep: StepReader; readonly platformImages: readonly KnownImage[] },
): readonly Problem[] {
  const { readStep, platformImages } = options;
  const { lab, problems, contents } = readLab(directory, { readStep });
  if (lab === undefined) return problems;
  const manifests = checkManifests(contents, lab.repositories);
  return [
    ...problems,
    ...manifests.problems.filter(
      ({ at, message }) =>
        !problems.some((known) => known.message === message && known.at.line === at.line && known.at.file === at.file),
    ),
    ...contents.flatMap(({ warnings }) => warnings),
    ...contents.flatMap(({ expressions }) => expressions.flatMap((each) => expressionProblems(each, lab))),
    ...contents.flatMap(({ likes }) => likes.flatMap(likeProblems)),
    ...imageProblems(lab, manifests.images, platformImages),
  ];
}

function expressionProblems({ expression, at }: Contents['expressions'][number], lab: Lab): Problem[] {
  const problem = celProblem(filled(expression, lab, at));
  if (problem === undefined) return [];
  return [
    {
      code: 'LW-CEL',
      at,
      message: `\`${expression}\` is not a CEL expression over \`object\`: ${problem}`,
      expected: "for example object.status.phase == 'Running'",
    },
  ];
}

/** With the values of the first release; whether every release has them is checked where they are read. */
function filled(text: string, lab: Lab, at: Position): string {
  try {
    return interpolate(text, { release: lab.releases[0]?.figures ?? {}, browser: { name: 'firefox' } }, at);
  } catch {
    return text;
  }
}

function likeProblems({ sample, at }: Contents['likes'][number]): Problem[] {
  const problem = sampleProblem(sample);
  return problem === undefined ? [] : [{ code: 'LW-LIKE', at, ...problem }];
}

/** Only the sandbox needs a program for each image, so a missing one is a warning. */
function imageProblems(
  lab: Lab,
  all: readonly { image: string; at: Position }[],
  platformImages: readonly KnownImage[],
): Problem[] {
  const used = all.filter(({ image }) => findImage(platformImages, image) === undefined);
  if (statSync(lab.images, { throwIfNoEntry: false })?.isFile() !== true) {
    const [first] = used;
    return first === undefined
      ? []
      : [
          {
            code: 'LW-IMAGE',
            severity: 'warning',
            at: first.at,
            message: `the lab has no ${lab.images}, so the sandbox can't run ${first.image}`,
          },
        ];
  }
  const read = readYaml(lab.images);
  if ('problems' in read) return [...read.problems];
  const checked = checkDocument('images', read.document);
  if ('problems' in checked) return checked.problems;
  const known = checked.value.images.map(({ image }) => image);
  const programs = programProblems(checked.value.images, read.document);
  const unknown = used
    .filter(({ image }) => findImage(checked.value.images, image) === undefined)
    .map(({ image, at }) => {
      const suggestion = nearest(image, known);
      return {
        code: 'LW-IMAGE',
        severity: 'warning' as const,
        at,
        message: `the sandbox has no program for the image ${image}`,
        expected: `an entry in ${lab.images}`,
        ...(suggestion === undefined ? {} : { suggestion }),
      };
    });
  return [...programs, ...unknown];
}

/** Files of the lab that an image's command names and that don't exist. */
function programProblems(images: readonly { command: readonly string[] }[], document: YamlDocument): Problem[] {
  const directory = dirname(document.file);
  return images.flatMap(({ command }, index) =>
    command.flatMap((word, position) => {
      if (!word.startsWith('./') || existsSync(resolve(directory, word))) return [];
      const folder = dirname(resolve(directory, word));
      const there = existsSync(folder) ? readdirSync(folder).map((name) => `${dirname(word)}/${name}`) : [];
      const suggestion = nearest(word, there);
      return [
        {
          code: 'LW-FILE-MISSING',
          at: document.at(['images', index, 'command', position]),
          message: `there is no file ${word}`,
          expected: 'a file relative to images.yaml',
          ...(suggestion === undefined ? {} : { suggestion }),
        },
      ];
    }),
  );
}
