/** Raw steps → typed ones, with defaults filled in. */
import type { Document, Path } from './document.ts';
import { objectExpectation, pageExpectations, textExpectations } from './expectations.ts';
import type {
  ApplyStep,
  BrowseStep,
  CallStep,
  DeleteStep,
  ObjectReference,
  OperatorStep,
  PageAction,
  ReadyStep,
  RunStep,
  SampleStep,
  Step,
  StepBase,
} from './lab.ts';
import { readManifests } from './manifest-files.ts';
import { LabError } from './problem.ts';
import type {
  RawApply,
  RawBrowse,
  RawCall,
  RawCheck,
  RawDelete,
  RawOperator,
  RawReady,
  RawRun,
  RawSample,
  Step as RawStep,
} from './schema.generated.ts';
import { fraction, milliseconds, probability } from './units.ts';

/** Deadlines of steps that state none. */
const WITHIN_MS = { operator: 10 * 60_000, ready: 2 * 60_000, delete: 60_000, browse: 30_000, call: 0 } as const;

/** @throws {LabError} for what the schema can't see. */
export function typedStep(document: Document, path: Path, raw: RawStep): Step {
  if ('run' in raw) return runStep(document, path, raw);
  if ('check' in raw) return checkStep(document, path, raw);
  if ('apply' in raw) return applyStep(document, path, raw);
  if ('delete' in raw) return deleteStep(document, path, raw);
  if ('operator' in raw) return operatorStep(document, path, raw);
  if ('ready' in raw) return readyStep(document, path, raw);
  if ('browse' in raw) return browseStep(document, path, raw);
  if ('sample' in raw) return sampleStep(document, path, raw);
  return callStep(document, path, raw);
}

function base(document: Document, path: Path, verb: string, title: string | undefined, otherwise: string): StepBase {
  return { at: document.at([...path, verb], 'key'), title: title ?? otherwise, yaml: document.source(path) };
}

function within(raw: { within?: string }, otherwise: number): number {
  return raw.within === undefined ? otherwise : milliseconds(raw.within);
}

function runStep(document: Document, path: Path, raw: RawRun): RunStep {
  const expect = textExpectations(document, [...path, 'expect'], raw.expect);
  return {
    ...base(document, path, 'run', raw.title, oneLine(raw.run)),
    verb: 'run',
    command: raw.run,
    exit: raw.exit ?? 0,
    expect,
  };
}

function checkStep(document: Document, path: Path, raw: RawCheck): RunStep {
  const expect = textExpectations(document, [...path, 'expect'], raw.expect);
  const deadline = raw.within === undefined ? {} : { within: milliseconds(raw.within) };
  return {
    ...base(document, path, 'check', raw.title, oneLine(raw.check)),
    verb: 'check',
    command: raw.check,
    exit: raw.exit ?? 0,
    expect,
    ...deadline,
  };
}

function applyStep(document: Document, path: Path, raw: RawApply): ApplyStep {
  const manifests = readManifests(document, [...path, 'apply'], raw.apply);
  const names = manifests.map(({ object }) => `${String(object['kind'])} ${nameOf(object['metadata'])}`);
  return {
    ...base(document, path, 'apply', raw.title, `create ${names.join(', ')}`),
    verb: 'apply',
    manifests,
    ...(raw.expect === undefined ? {} : { expect: objectExpectation(document, [...path, 'expect'], raw.expect) }),
  };
}

function nameOf(metadata: unknown): string {
  return typeof metadata === 'object' && metadata !== null && 'name' in metadata ? String(metadata.name) : '';
}

function deleteStep(document: Document, path: Path, raw: RawDelete): DeleteStep {
  const targets = [raw.delete].flat().map((name) => reference(name, raw.namespace));
  return {
    ...base(document, path, 'delete', raw.title, `delete ${[raw.delete].flat().join(', ')}`),
    verb: 'delete',
    targets,
    within: within(raw, WITHIN_MS.delete),
  };
}

function operatorStep(document: Document, path: Path, raw: RawOperator): OperatorStep {
  return {
    ...base(document, path, 'operator', raw.title, `install operator ${raw.operator} from channel ${raw.channel}`),
    verb: 'operator',
    package: raw.operator,
    channel: raw.channel,
    source: raw.source ?? 'redhat-operators',
    sourceNamespace: raw.sourceNamespace ?? 'openshift-marketplace',
    namespace: raw.namespace ?? 'openshift-operators',
    ...(raw.startingCsv === undefined ? {} : { startingCsv: raw.startingCsv }),
    within: within(raw, WITHIN_MS.operator),
  };
}

function readyStep(document: Document, path: Path, raw: RawReady): ReadyStep {
  const names = [raw.ready].flat();
  const described =
    raw.selector === undefined
      ? names.join(', ')
      : `${raw.count ?? ''} ${names.join(', ')} with ${raw.selector}`.trim();
  return {
    ...base(document, path, 'ready', raw.title, `wait for ${described}`),
    verb: 'ready',
    target: readyTarget(document, path, raw, names),
    ...(raw.until === undefined ? {} : { until: raw.until }),
    ...(raw.expect === undefined ? {} : { expect: objectExpectation(document, [...path, 'expect'], raw.expect) }),
    within: within(raw, WITHIN_MS.ready),
  };
}

function readyTarget(document: Document, path: Path, raw: RawReady, names: readonly string[]): ReadyStep['target'] {
  const [first = ''] = names;
  if (raw.selector !== undefined) {
    if (names.length > 1 || first.includes('/'))
      throw wrong(
        document,
        [...path, 'selector'],
        '`selector` goes with a kind',
        'a kind without a name, e.g. `ready: pods`',
      );
    return {
      kind: first,
      selector: raw.selector,
      ...(raw.namespace === undefined ? {} : { namespace: raw.namespace }),
      ...(raw.count === undefined ? {} : { count: raw.count }),
    };
  }
  if (raw.count !== undefined)
    throw wrong(document, [...path, 'count'], '`count` goes with `selector`', 'a label selector beside it');
  const unnamed = names.find((name) => !/^[^/]+\/[^/]+$/.test(name));
  if (unnamed !== undefined)
    throw wrong(
      document,
      [...path, 'ready'],
      `\`${unnamed}\` names no object`,
      '`kind/name`, or a kind together with `selector`',
    );
  return { objects: names.map((name) => reference(name, raw.namespace)) };
}

function browseStep(document: Document, path: Path, raw: RawBrowse): BrowseStep {
  return {
    ...base(document, path, 'browse', raw.title, `open ${raw.browse}`),
    verb: 'browse',
    url: raw.browse,
    actions: (raw.do ?? []).map((action, index) => pageAction(document, [...path, 'do', index], action)),
    expect: pageExpectations(document, [...path, 'expect'], raw.expect),
    within: within(raw, WITHIN_MS.browse),
  };
}

function pageAction(document: Document, path: Path, raw: NonNullable<RawBrowse['do']>[number]): PageAction {
  const at = document.at(path);
  if (raw === 'reload') return { do: 'reload', at };
  if ('click' in raw) return { do: 'click', selector: raw.click, at };
  const [[selector, value] = ['', '']] = Object.entries(raw.fill);
  return { do: 'fill', selector, value, at };
}

function sampleStep(document: Document, path: Path, raw: RawSample): SampleStep {
  const expect = Object.entries(raw.expect).map(([value, share]) => ({
    value,
    share: fraction(share),
    at: document.at([...path, 'expect', value], 'key'),
  }));
  const sum = expect.reduce((total, { share }) => total + share, 0);
  if (Math.abs(sum - 1) > 1e-9)
    throw wrong(document, [...path, 'expect'], `the shares add up to ${Math.round(sum * 1e4) / 100}%`, '100%');
  return {
    ...base(document, path, 'sample', raw.title, `sample ${raw.sample}`),
    verb: 'sample',
    url: raw.sample,
    by: sampledBy(raw.by),
    expect,
    deviation: fraction(raw.catches ?? '10%'),
    error: probability(raw.confidence ?? '1 in 1000000'),
  };
}

function sampledBy(raw: RawSample['by']): SampleStep['by'] {
  if (raw === undefined || raw === 'title') return { kind: 'title' };
  return raw === 'status' ? { kind: 'status' } : { kind: 'header', name: raw.header };
}

function callStep(document: Document, path: Path, raw: RawCall): CallStep {
  const expect = typeof raw.expect === 'object' ? raw.expect : { outcome: raw.expect };
  const caller = `from a pod ${raw.from.sidecar ? 'with' : 'without'} sidecar in ${raw.from.namespace}`;
  return {
    ...base(document, path, 'call', raw.title, `call ${raw.call} ${caller}`),
    verb: 'call',
    url: raw.call,
    from: raw.from,
    headers: raw.headers ?? {},
    expect: expect.outcome,
    text: textExpectations(document, [...path, 'expect', 'text'], 'text' in expect ? expect.text : undefined),
    within: within(raw, WITHIN_MS.call),
  };
}

/** `kind/name`; the schema has checked the slash. */
function reference(name: string, namespace: string | undefined): ObjectReference {
  const slash = name.indexOf('/');
  return { kind: name.slice(0, slash), name: name.slice(slash + 1), ...(namespace === undefined ? {} : { namespace }) };
}

function oneLine(command: string): string {
  const lines = command.trim().split('\n');
  return lines.length === 1 ? command.trim() : `${lines[0]} …`;
}

function wrong(document: Document, path: Path, message: string, expected: string): LabError {
  return new LabError([{ code: 'LW-LAB-VALUE', at: document.at(path, 'key'), message, expected }]);
}
