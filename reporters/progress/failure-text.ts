/** A failed exercise on a terminal: the YAML, expected and seen, the command's last lines, what to do. */
import { readFileSync } from 'node:fs';
import type { Failure, StepEvidence } from '../../model/evidence.ts';
import type { Position } from '../../model/lab.ts';
import { plain, shownPath, tail } from '../plain.ts';
import type { ExerciseRun } from '../run.ts';
import type { Style } from './style.ts';

const OUTPUT_LINES = 15;
const FRAME_LINES = 3;

export function failureText(run: ExerciseRun, style: Style): string {
  const failed = run.steps.find((step) => step.outcome === 'failed');
  const failure = failed?.failure;
  if (failed === undefined || failure === undefined) {
    return indent(
      [...run.errors, ...run.notes].map((text) => tail(text, 30)).join('\n\n') || 'It failed without a message.',
    );
  }
  const parts = [
    `${style('bad', failure.message)} ${style('quiet', failure.code)}`,
    `${style('quiet', `${shownPath(failure.at.file)}:${failure.at.line}:${failure.at.column}`)}\n${codeFrame(failure.at, failed)}`,
    comparison(failure, style),
    outputTail(failed, style),
    ...(failure.details ?? []).map((detail) => `${style('strong', detail.title)}\n${tail(detail.text, OUTPUT_LINES)}`),
    failure.next === undefined ? '' : `${style('strong', 'Next:')} ${failure.next}`,
  ];
  return indent(parts.filter((part) => part !== '').join('\n\n'));
}

/** The lines around a position, with its line marked; the step's own YAML if the file is not available. */
export function codeFrame(at: Position, step: StepEvidence): string {
  const lines = readLines(at.file);
  if (lines === undefined || at.line > lines.length) {
    return step.step.yaml
      .trimEnd()
      .split('\n')
      .map((line) => `  | ${line}`)
      .join('\n');
  }
  const from = Math.max(1, at.line - FRAME_LINES);
  const to = Math.min(lines.length, at.line + FRAME_LINES);
  const width = String(to).length;
  const frame: string[] = [];
  for (let number = from; number <= to; number += 1) {
    const mark = number === at.line ? '>' : ' ';
    frame.push(`${mark} ${String(number).padStart(width)} | ${plain(lines[number - 1] ?? '')}`);
    if (number === at.line) frame.push(`  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, at.column - 1))}^`);
  }
  return frame.join('\n');
}

function comparison(failure: Failure, style: Style): string {
  const side = (name: string, text: string | undefined) =>
    text === undefined
      ? []
      : [`${style('strong', name)}${text.includes('\n') ? `\n${tail(text, 30)}` : ` ${text || '(empty)'}`}`];
  return [...side('Expected:', failure.expected), ...side('Seen:    ', failure.actual)].join('\n');
}

function outputTail(step: StepEvidence, style: Style): string {
  const last = step.observations.filter((seen) => seen.kind === 'command' || seen.kind === 'call').at(-1);
  if (last === undefined) return '';
  const [title, text] =
    last.kind === 'command'
      ? [
          `$ ${last.command}  (exit code ${last.exit})`,
          [last.stdout, last.stderr]
            .map((part) => part.trimEnd())
            .filter(Boolean)
            .join('\n'),
        ]
      : [`${last.url} called ${last.from}: ${last.outcome}`, last.output];
  return [style('strong', title), ...(text.trim() === '' ? [] : [tail(text, OUTPUT_LINES)])].join('\n');
}

function readLines(file: string): string[] | undefined {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return undefined;
  }
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '    ');
}
