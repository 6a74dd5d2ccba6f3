/** One raw step → typed step: defaults filled in, durations and shares as numbers, each thing with its place. */

import type {
  BrowseStep,
  CallStep,
  DeleteStep,
  ObjectReference,
  OperatorStep,
  PageAction,
  ReadyStep,
  RunStep,
  Step,
} from '../model/lab.ts';
import { readApply } from './apply.ts';
import { readObject, readPage, readTexts } from './expectations.ts';
import { durationOf, type Reading } from './reading.ts';
import { readSample } from './sample.ts';
import type {
  ObjectNames,
  RawBrowse,
  RawCall,
  RawCheck,
  RawDelete,
  RawOperator,
  RawReady,
  RawRun,
  RawStep,
} from './schema.generated.ts';
import { baseOf } from './step-base.ts';
import type { Path } from './yaml.ts';

/** Deadlines of those steps that wait by nature, where the lab states none; milliseconds. */
export const DEFAULT_WITHIN = {
  delete: 120_000,
  operator: 600_000,
  ready: 120_000,
  browse: 30_000,
  call: 30_000,
} as const;

/** @param path where the step stands. */
export function readStep(raw: RawStep, path: Path, reading: Reading): Step {
  if ('run' in raw) return readRun('run', raw.run, raw, path, reading);
  if ('check' in raw) return readRun('check', raw.check, raw, path, reading);
  if ('apply' in raw) return readApply(raw, path, reading);
  if ('delete' in raw) return readDelete(raw, path, reading);
  if ('operator' in raw) return readOperator(raw, path, reading);
  if ('ready' in raw) return readReady(raw, path, reading);
  if ('browse' in raw) return readBrowse(raw, path, reading);
  if ('sample' in raw) return readSample(raw, path, reading);
  return readCall(raw, path, reading);
}

function readRun(
  verb: 'run' | 'check',
  command: string,
  raw: RawRun | RawCheck,
  path: Path,
  reading: Reading,
): RunStep {
  const [first = '', ...rest] = command.trim().split('\n');
  return {
    verb,
    ...baseOf(verb, raw, rest.length === 0 ? first : `${first} …`, path, reading),
    command: command.replace(/\n$/, ''),
    exit: raw.exit ?? 0,
    expect: readTexts(raw.expect, [...path, 'expect'], reading),
    ...('within' in raw && raw.within !== undefined
      ? { within: durationOf(raw.within, [...path, 'within'], reading, 0) }
      : {}),
  };
}

function readDelete(raw: RawDelete, path: Path, reading: Reading): DeleteStep {
  const targets = referencesOf(raw.delete, raw.namespace);
  return {
    verb: 'delete',
    ...baseOf('delete', raw, `delete ${namesOf(targets)}`, path, reading),
    targets,
    within: durationOf(raw.within, [...path, 'within'], reading, DEFAULT_WITHIN.delete),
  };
}

function readOperator(raw: RawOperator, path: Path, reading: Reading): OperatorStep {
  return {
    verb: 'operator',
    ...baseOf('operator', raw, `install operator ${raw.operator}, channel ${raw.channel}`, path, reading),
    package: raw.operator,
    channel: raw.channel,
    source: raw.source ?? 'redhat-operators',
    sourceNamespace: raw.sourceNamespace ?? 'openshift-marketplace',
    namespace: raw.namespace ?? 'openshift-operators',
    ...(raw.startingCsv === undefined ? {} : { startingCsv: raw.startingCsv }),
    within: durationOf(raw.within, [...path, 'within'], reading, DEFAULT_WITHIN.operator),
  };
}

function readReady(raw: RawReady, path: Path, reading: Reading): ReadyStep {
  const target = readyTarget(raw, path, reading);
  const what = 'objects' in target ? namesOf(target.objects) : `${target.kind} with ${target.selector}`;
  return {
    verb: 'ready',
    ...baseOf('ready', raw, `wait for ${what}`, path, reading),
    target,
    ...(raw.until === undefined ? {} : { until: reading.variable(raw.until, [...path, 'until']) }),
    ...readObject(raw.expect, [...path, 'expect'], reading),
    within: durationOf(raw.within, [...path, 'within'], reading, DEFAULT_WITHIN.ready),
  };
}

function readyTarget(raw: RawReady, path: Path, reading: Reading): ReadyStep['target'] {
  const { ready, selector, count, namespace } = raw;
  const named = Array.isArray(ready) || ready.includes('/');
  if (named && (selector !== undefined || count !== undefined)) {
    const key = selector === undefined ? 'count' : 'selector';
    reading.problem(
      'LW-SCHEMA',
      [...path, key],
      `\`${key}\` beside objects that are named`,
      'a kind alone, such as `ready: pods`',
    );
  }
  if (Array.isArray(ready)) return { objects: referencesOf(ready, namespace) };
  if (named) return { objects: referencesOf(ready, namespace) };
  if (selector === undefined)
    reading.problem(
      'LW-SCHEMA',
      [...path, 'ready'],
      `which ${ready}?`,
      `\`${ready}/name\`, or \`selector:\` beside it`,
    );
  return {
    kind: ready,
    selector: selector ?? '',
    ...(namespace === undefined ? {} : { namespace }),
    ...(count === undefined ? {} : { count }),
  };
}

function readBrowse(raw: RawBrowse, path: Path, reading: Reading): BrowseStep {
  return {
    verb: 'browse',
    ...baseOf('browse', raw, `open ${raw.browse}`, path, reading),
    url: raw.browse,
    actions: (raw.do ?? []).map((action, index) => readAction(action, [...path, 'do', index], reading)),
    expect: readPage(raw.expect, [...path, 'expect'], reading),
    within: durationOf(raw.within, [...path, 'within'], reading, DEFAULT_WITHIN.browse),
  };
}

function readAction(raw: NonNullable<RawBrowse['do']>[number], path: Path, reading: Reading): PageAction {
  const at = reading.document.at(path);
  if (raw === 'reload') return { do: 'reload', at };
  if ('click' in raw) return { do: 'click', selector: raw.click, at };
  const [selector = '', value = ''] = Object.entries(raw.fill)[0] ?? [];
  return { do: 'fill', selector, value: reading.variable(value, [...path, 'fill', selector]), at };
}

function readCall(raw: RawCall, path: Path, reading: Reading): CallStep {
  const { expect } = raw;
  const { outcome, text } = typeof expect === 'object' ? expect : { outcome: expect, text: undefined };
  const from = `${raw.from.sidecar ? 'with' : 'without'} sidecar in ${raw.from.namespace}`;
  return {
    verb: 'call',
    ...baseOf('call', raw, `call ${raw.call} from a pod ${from}`, path, reading),
    url: raw.call,
    from: raw.from,
    headers: raw.headers ?? {},
    expect: outcome,
    text: readTexts(text, [...path, 'expect', 'text'], reading),
    within: durationOf(raw.within, [...path, 'within'], reading, DEFAULT_WITHIN.call),
  };
}

function referencesOf(names: ObjectNames, namespace: string | undefined): ObjectReference[] {
  return (Array.isArray(names) ? names : [names]).map((written) => {
    const slash = written.indexOf('/');
    return {
      kind: written.slice(0, slash),
      name: written.slice(slash + 1),
      ...(namespace === undefined ? {} : { namespace }),
    };
  });
}

function namesOf(targets: readonly ObjectReference[]): string {
  return targets.map(({ kind, name }) => `${kind}/${name}`).join(', ');
}
