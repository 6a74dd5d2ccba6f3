/** Where the figures of the imitated release come from, and which assumed ones a step came across. */
import type { Observation } from '../model/evidence.ts';
import type { FigureSource } from '../model/figure-source.ts';
import { releaseFigures } from '../sandbox/index.ts';

const KNOWN = new Map<string, Promise<readonly FigureSource[]>>();

/** @returns figures by their source, in the order of the release's file; none of a release that the sandbox does not know. */
export function figureSourcesOf(release: string): Promise<readonly FigureSource[]> {
  const known = KNOWN.get(release) ?? read(release);
  KNOWN.set(release, known);
  return known;
}

async function read(release: string): Promise<readonly FigureSource[]> {
  const figures = await releaseFigures(release);
  const bySource = new Map<string, FigureSource>();
  for (const { path, value, basis, text } of figures ?? []) {
    const before = bySource.get(`${basis} ${text}`)?.figures ?? [];
    const figure = { name: path.join('/'), value: typeof value === 'string' ? value : JSON.stringify(value) };
    bySource.set(`${basis} ${text}`, { basis, text, figures: [...before, figure] });
  }
  return [...bySource.values()];
}

/** Shorter or without a digit, a value stands in outputs by chance. */
const SHORTEST = 4;

/** @returns assumed figures whose values stand in what the step saw, a sentence each, without the full stop. */
export function assumedIn(observations: readonly Observation[], sources: readonly FigureSource[]): string[] {
  const seen = observations.map(textOf).join('\n');
  return sources
    .filter(({ basis }) => basis === 'assumed')
    .flatMap(({ text, figures }) =>
      figures
        .filter(({ value }) => value.length >= SHORTEST && /\d/.test(value) && stands(value, seen))
        .map(({ name, value }) => `${name} is ${value}, assumed: ${text}`),
    );
}

function textOf(seen: Observation): string {
  if (seen.kind === 'command') return `${seen.stdout}\n${seen.stderr}`;
  return seen.kind === 'object' ? JSON.stringify(seen.object) : '';
}

/** As a whole word: 4.8.5 does not stand in 4.8.57. */
function stands(value: string, text: string): boolean {
  const word = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w.])${word}(?![\\w]|\\.\\d)`).test(text);
}
