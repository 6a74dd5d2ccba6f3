/** The top of the page: how the newest runs went, the most urgent finding, and what the history contains. */
import { type Html, html } from '../../certificate/html.ts';
import { browserLabel } from '../../run.ts';
import { formatDay } from '../../time.ts';
import { labState } from '../analysis/changes.ts';
import { verdictLetter } from '../analysis/latest.ts';
import type { Look } from './look.ts';
import { when } from './matrix.ts';
import { waitWords } from './trends.ts';

export function historyMasthead(look: Look): Html {
  const newest = look.lab.series.flatMap((series) => series.runs.at(-1) ?? []);
  const good = newest.filter((run) => 'cp'.includes(verdictLetter(run))).length;
  const bad = newest.some((run) => verdictLetter(run) === 'f');
  const kind = bad ? 'failed' : good < newest.length ? 'interrupted' : 'certified';
  const headline =
    newest.length === 1
      ? good === 1
        ? 'Passing'
        : bad
          ? 'Failing'
          : 'Not judged'
      : `${good} of ${newest.length} passing`;
  return html`<header class="masthead verdict-${kind}">
<p class="maker">Labwright <span>lab history</span></p>
<div class="verdict"><div><p class="headline">${headline}</p><h1>${look.lab.title}</h1>${told(look)}</div></div>
${facts(look)}</header>`;
}

/** One sentence for what fails, one for the wait that is closest to timing out. */
function told(look: Look): Html {
  const [failure] = look.failures;
  const [wait] = look.waits;
  const others = look.failures.length - 1;
  return html`${
    failure === undefined
      ? html`<p class="reason told">No step fails.</p>`
      : html`<p class="reason told">“${failure.step.exercise}” has failed on ${look.nameOf(failure.series)} since ${when(failure.since)}${failure.changes[0] !== undefined && `, when ${changeWords(failure.changes)}`}${others > 0 && `; ${others} more below`}.</p>`
  }${wait !== undefined && wait.state !== 'ample' && html`<p class="reason told">A wait is about to time out in “${wait.step.exercise}”. ${waitWords(look, wait)}</p>`}`;
}

function changeWords(changes: Look['failures'][number]['changes']): string {
  return changes.map(({ what, from, to }) => `${what} went from ${from} to ${to}`).join(' and ');
}

function facts(look: Look): Html {
  const { runs, series } = look.lab;
  const [first, last] = [runs[0], runs.at(-1)];
  const browsers = (last?.browsers ?? []).map(
    ({ name, version }) => html`<span class="each">${browserLabel(name)} ${version}</span>`,
  );
  const rows: readonly [string, Html | undefined][] = [
    [
      'Runs',
      html`<span class="each">${runs.length} on ${series.length} ${series.length === 1 ? 'release' : 'releases and clusters'}</span>${first && last && html`<span class="each small">${[...new Set([first, last].map((run) => formatDay(run.startedAt)))].join(' to ')}</span>`}`,
    ],
    ['Lab', last && html`${labState(last.lab) ?? 'commit unknown'}`],
    ['Browsers', browsers.length === 0 ? undefined : html`${browsers}`],
    ['Labwright', last && html`${last.tool.version}`],
  ];
  const known = rows.filter(([, value]) => value !== undefined);
  return html`<dl class="facts">${known.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
