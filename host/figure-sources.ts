/** The sources of the imitated release's figures, and the assumed figures that a step has seen. */
import type { Observation } from '../model/evidence.ts';
import type { FigureSource } from '../model/figure-source.ts';
import { releaseFigures } from '../sandbox/index.ts';

const KNOWN = new Map<string, Promise<readonly FigureSource[]>>();

/** @returns the figures by source, in the order of the release's file; none for a release that the sandbox does not know. */
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

/** A value that is shorter or has no digit may appear in outputs by chance. */
const SHORTEST = 4;

/** @returns the assumed figures whose values appear in the step's observations, a sentence each, without the full stop. */
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

/** Matches whole words: 4.8.5 does not match 4.8.57. */
function stands(value: string, text: string): boolean {
  const word = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w.])${word}(?![\\w]|\\.\\d)`).test(text);
}
