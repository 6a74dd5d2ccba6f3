/**
 * `check`: a command that only looks. Skipped on catch-up, and repeated until it matches if `within` is given. With `arrived:` it
 * stands for a question to the mesh, and is typed only if the mesh does not report the answer.
 */
import { durationOf, type Reading } from '../language/reading.ts';
import type { RawCheck } from '../language/schema.generated.ts';
import type { Path } from '../language/yaml-document.ts';
import { haveArrived, isMeshRule, type RulesToArrive } from './arrival.ts';
import { type CommandStep, playCommand, readCommand } from './command.ts';
import type { ClusterContext } from './context.ts';
import { namesOf, referencesOf } from './references.ts';
import { defineVerb } from './verb.ts';

export interface CheckStep extends CommandStep {
  readonly verb: 'check';
  /** The command shows the arrival if the mesh does not report it. */
  readonly arrived?: RulesToArrive;
}

const ARRIVAL_WITHIN_MS = 60_000;

export const check = defineVerb<CheckStep>({
  name: 'check',
  nature: 'observes',
  read: readCheck,
  variables: { command: 'shell' },
  onCluster: playCheck,
});

function readCheck(raw: RawCheck, path: Path, reading: Reading): CheckStep {
  const arrived = readArrived(raw, path, reading);
  const fallback = arrived === undefined ? undefined : ARRIVAL_WITHIN_MS;
  return {
    ...readCommand('check', raw.check, raw, path, reading),
    ...(raw.within === undefined && fallback === undefined
      ? {}
      : { within: durationOf(raw.within, [...path, 'within'], reading, fallback ?? 0) }),
    ...(arrived === undefined ? {} : { arrived }),
  };
}

function readArrived({ arrived, namespace }: RawCheck, path: Path, reading: Reading): RulesToArrive | undefined {
  if (arrived === undefined) {
    if (namespace !== undefined)
      reading.problem(
        'LW-SCHEMA',
        [...path, 'namespace'],
        '`namespace` belongs to `arrived`, which is missing',
        '`-n` in the command',
      );
    return undefined;
  }
  const rules = referencesOf(arrived, namespace);
  for (const { kind } of rules.filter((rule) => !isMeshRule(rule.kind)))
    reading.problem(
      'LW-ARRIVED',
      [...path, 'arrived'],
      `no mesh tells whether a ${kind} has arrived`,
      'a rule of the mesh, such as `virtualservice/NAME`; or a step `ready:`',
    );
  return { rules, at: reading.document.at([...path, 'arrived']) };
}

/** @throws {StepFailure} `LW-RULE-REFUSED`, and what a command throws. */
async function playCheck(step: CheckStep, context: ClusterContext): Promise<void> {
  const { arrived, within = 0 } = step;
  if (arrived === undefined) return playCommand(step, context);
  const started = performance.now();
  if (await haveArrived({ ...step, arrived }, started + within, context)) return;
  const left = Math.max(0, within - (performance.now() - started));
  await playCommand({ ...step, within: left }, context);
  context.observe({
    kind: 'arrival',
    rule: namesOf(arrived.rules),
    toldBy: 'requests',
    message: 'the mesh writes no status that reports it',
    waitedMs: Math.round(performance.now() - started),
  });
}
