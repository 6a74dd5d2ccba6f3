/** Steps that have become worse, in Sippy's words and by its thresholds. */
import { type Html, html } from '../../certificate/html.ts';
import { mark } from '../../certificate/marks.ts';
import type { Status } from '../../run.ts';
import type { Counts } from '../analysis/fisher.ts';
import { type Regression, type RegressionStatus, SIPPY } from '../analysis/regressions.ts';
import { FEWEST_RUNS, type Look } from './look.ts';

const MARKS: Readonly<Record<RegressionStatus, Status>> = {
  ExtremeRegression: 'failed',
  SignificantRegression: 'failed',
  MissingSample: 'not run',
  NotSignificant: 'not run',
  MissingBasis: 'not run',
  MissingBasisAndSample: 'not run',
  SignificantImprovement: 'passed',
};

/** Undefined when no step failed of late, or where there are too few runs to compare. */
export function regressed(look: Look): Html | undefined {
  const judged = look.regressions.filter(({ series }) => series.runs.length >= FEWEST_RUNS);
  if (judged.length === 0) return undefined;
  const { sampleDays, basisDays, confidence, pity, fewestFailures, extreme } = SIPPY;
  return html`<section aria-labelledby="${look.prefix}-regressed"><h2 id="${look.prefix}-regressed">Regressions, as Sippy judges</h2>
<p class="small">The runs of the newest ${sampleDays} days against those of the ${basisDays} days before, by Fisher’s exact test, one-sided. OpenShift’s Sippy calls it a regression when there are at least ${fewestFailures} failures, the pass rate fell by more than ${percent(pity)}, and chance would do that in fewer than ${percent(1 - confidence)} of cases; extreme, when it fell by more than ${percent(extreme)}.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Regressions"><table class="regressions"><thead><tr><th scope="col">Step</th><th scope="col">Sippy’s word</th><th scope="col">Newest ${sampleDays} days</th><th scope="col">${basisDays} days before</th><th scope="col">p</th></tr></thead>
<tbody>${judged.map((one) => row(look, one))}</tbody></table></div></section>`;
}

function row(look: Look, { step, series, status, sample, basis, p }: Regression): Html {
  const where = look.nameOf(series);
  return html`<tr><th scope="row"><span class="small">${step.section} · ${step.exercise}${where !== '' && html` · ${where}`}</span> <code>${step.title}</code></th><td class="state is-${MARKS[status]}">${mark(MARKS[status])}${status}</td><td>${counted(sample)}</td><td>${counted(basis)}</td><td>${p === undefined ? 'not tested' : probability(p)}</td></tr>`;
}

function counted({ runs, failures }: Counts): string {
  if (runs === 0) return 'no run came to it';
  return `${failures} of ${runs} ${runs === 1 ? 'run' : 'runs'} failed`;
}

function probability(p: number): string {
  if (p < 1e-4) return 'below 0.0001';
  return p.toFixed(p < 0.001 ? 4 : 3);
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}
