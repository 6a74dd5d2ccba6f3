/** Everything that can be known of a lab before a cluster is there. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { sampleProblem } from '../expect/like.ts';
import { celProblem } from '../expect/object.ts';
import { findImage } from '../model/image-reference.ts';
import type { Lab, ObjectExpectation, Position, Step, TextExpectation } from '../model/lab.ts';
import { nearest } from '../model/nearest.ts';
import { interpolate } from './interpolate.ts';
import { readLab } from './load.ts';
import { checkManifests } from './manifests.ts';
import type { Problem } from './problem.ts';
import { checkDocument } from './schema.ts';
import { readYaml, type YamlDocument } from './yaml.ts';

export { formatProblems } from './problem.ts';

/**
 * @param directory of the lab.
 * @param platformImages references and patterns of the images that the sandbox runs without the lab's doing.
 * @returns all problems of all files, warnings (`severity`) included; none when the lab is well-formed.
 */
export async function validateLab(
  directory: string,
  platformImages: readonly string[] = [],
): Promise<readonly Problem[]> {
  const { lab, problems } = readLab(directory);
  if (lab === undefined) return problems;
  const manifests = await checkManifests(lab);
  const steps = lab.sections.flatMap((section) => section.exercises.flatMap((exercise) => exercise.steps));
  return [
    ...problems,
    ...manifests.problems.filter(
      ({ at, message }) =>
        !problems.some((known) => known.message === message && known.at.line === at.line && known.at.file === at.file),
    ),
    ...steps.flatMap((step) => expressionProblems(step, lab)),
    ...steps.flatMap((step) => textsOf(step).flatMap(likeProblems)),
    ...imageProblems(lab, manifests.images, platformImages),
  ];
}

function expressionProblems(step: Step, lab: Lab): Problem[] {
  const expressions: { expression: string; at: Position }[] = [];
  const add = (expect: ObjectExpectation | undefined) => {
    if (expect?.kind === 'cel') expressions.push(expect);
  };
  if (step.verb === 'apply' || step.verb === 'ready') add(step.expect);
  if (step.verb === 'ready' && step.until !== undefined) expressions.push({ expression: step.until, at: step.at });
  return expressions.flatMap(({ expression, at }) => {
    const problem = celProblem(filled(expression, lab, at));
    return problem === undefined
      ? []
      : [
          {
            code: 'LW-CEL',
            at,
            message: `\`${expression}\` is not a CEL expression over \`object\`: ${problem}`,
            expected: "for example object.status.phase == 'Running'",
          },
        ];
  });
}

/** With the figures of the first release; that every release has them is checked where they are read. */
function filled(text: string, lab: Lab, at: Position): string {
  try {
    return interpolate(text, { release: lab.releases[0]?.figures ?? {}, browser: { name: 'firefox' } }, at);
  } catch {
    return text;
  }
}

function textsOf(step: Step): readonly TextExpectation[] {
  switch (step.verb) {
    case 'run':
    case 'check':
      return step.expect;
    case 'call':
      return step.text;
    case 'browse':
      return step.expect.flatMap(({ text }) => text);
    default:
      return [];
  }
}

function likeProblems(expectation: TextExpectation): Problem[] {
  const problem = expectation.kind === 'like' ? sampleProblem(expectation.sample) : undefined;
  return problem === undefined ? [] : [{ code: 'LW-LIKE', at: expectation.at, ...problem }];
}

/** Only the sandbox needs to know the images, so what is missing is a warning. */
function imageProblems(
  lab: Lab,
  all: readonly { image: string; at: Position }[],
  platformImages: readonly string[],
): Problem[] {
  const platform = platformImages.map((image) => ({ image }));
  const used = all.filter(({ image }) => findImage(platform, image) === undefined);
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

/** Files of the lab that an image's command names and that are not there. */
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
