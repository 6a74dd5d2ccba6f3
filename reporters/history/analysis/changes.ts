/** The differences between two runs, among everything that the history records. */
import { browserLabel } from '../../run.ts';
import type { HistoryRun } from '../record.ts';
import { controlsOf } from './console.ts';

export interface Change {
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

/** The most likely cause comes first. Empty if nothing recorded has changed. */
export function changesBetween(before: HistoryRun, after: HistoryRun): Change[] {
  const one = circumstances(before);
  const two = circumstances(after);
  const facts = [...new Set([...one.keys(), ...two.keys()])].flatMap((what) => {
    const [from = 'unknown', to = 'unknown'] = [one.get(what), two.get(what)];
    return from === to ? [] : [{ what, from, to }];
  });
  return [...facts, ...consoleChanges(before, after)];
}

/** A control that one of the runs did not reach shows nothing. */
function consoleChanges(before: HistoryRun, after: HistoryRun): Change[] {
  const then = controlsOf(before);
  return [...controlsOf(after)].flatMap(([name, to]) => {
    const from = then.get(name);
    return from === undefined || from === to ? [] : [{ what: `${name} in the web console`, from, to }];
  });
}

/** Everything that may explain a different verdict. */
function circumstances(run: HistoryRun): Map<string, string> {
  const { lab, tool, cluster } = run;
  const entries: [string, string | undefined][] = [
    ['lab', labState(lab)],
    ['release', run.release],
    ['OpenShift', cluster?.openshiftVersion],
    ...run.browsers.map((browser): [string, string | undefined] => [browserLabel(browser.name), browser.version]),
    ['Labwright', tool.version],
  ];
  return new Map(entries.flatMap(([what, value]) => (value === undefined ? [] : [[what, value] as const])));
}

/** `3f2a9c1`, with a mark if the files differed from it; the digest of the files if there is no commit. */
export function labState({ commit, content, dirty }: HistoryRun['lab']): string | undefined {
  if (commit === undefined) return content === undefined ? undefined : `files ${content.slice(0, 7)}`;
  return dirty === true
    ? `${commit.slice(0, 7)} and changes (${content?.slice(0, 7) ?? 'unknown'})`
    : commit.slice(0, 7);
}
