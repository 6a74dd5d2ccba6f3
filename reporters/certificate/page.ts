/** The whole certificate: one file, no script, nothing loaded from anywhere. */
import { createHash } from 'node:crypto';
import type { MutationResult } from '../mutation.ts';
import { abridge } from '../plain.ts';
import type { Run } from '../run.ts';
import { formatTime } from '../time.ts';
import { judge } from '../verdict.ts';
import { departures } from './departures.ts';
import { grid } from './grid.ts';
import { Html, html } from './html.ts';
import { masthead } from './masthead.ts';
import { pages } from './pages.ts';
import { fitPictures } from './picture.ts';
import { provenance } from './provenance.ts';
import { steps } from './steps.ts';
import { styles } from './styles.css.ts';
import { timeline } from './timeline.ts';

export interface CertificateExtras {
  /** Address of the lab's history, relative to the certificate, where one is kept. */
  readonly history?: string;
  /** What `labwright mutate` has shown of the lab, where it was run. */
  readonly mutation?: MutationResult;
}

/** @returns the HTML of the certificate; shows what is there, also of a run that broke off. */
export function renderCertificate(run: Run, extras: CertificateExtras = {}): string {
  const verdict = judge(run);
  const pictures = fitPictures(run.sections.flatMap((s) => s.exercises.flatMap((e) => [...e.screenshots.values()])));
  const side = pages(run, pictures);
  const time = timeline(run);
  const depart = departures(run);
  const parts: readonly [string, string, Html | undefined][] = [
    ['sections', 'Sections', run.browsers.length === 0 ? undefined : grid(run)],
    ['pages', 'Pages', side],
    ['steps', 'Every step', run.sections.length === 0 ? undefined : steps(run)],
    ['provenance', 'Provenance', provenance(run)],
    ['guide', 'The guide', depart],
    ['time', 'Time', time],
    ['notes', 'Notes', notes(run)],
  ];
  const present = parts.filter(([, , part]) => part !== undefined);
  const body = html`<a class="skip" href="#parts">Skip to the sections</a>
<div class="sheet">${masthead(run, verdict, extras.mutation)}
<nav aria-label="Parts of this certificate"><ul>${present.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
<main id="parts">${present.map(([, , part]) => part)}</main>
<footer><p>Made by Labwright from the evidence of the run of ${formatTime(run.startedAt)}. This file needs no network and holds no script.</p>${extras.history !== undefined && html`<p><a href="${extras.history}">How this lab has fared over time</a> (where the history lies beside this file)</p>`}</footer></div>`;
  return documentOf(`${verdict.headline} – ${run.lab.title}`, body);
}

function documentOf(title: string, body: Html): string {
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(styles).digest('base64')}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return html`${new Html('<!doctype html>')}
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<title>${title}</title><style>${new Html(styles)}</style></head>
<body>${body}</body></html>
`.markup;
}

/** Errors outside exercises, and what of the evidence could not be read. */
function notes(run: Run): Html | undefined {
  if (run.problems.length + run.notes.length === 0) return undefined;
  return html`<section aria-labelledby="notes"><h2 id="notes">Notes</h2>
${run.problems.map((problem) => html`<div class="failure"><p class="message">An error outside the exercises</p><pre tabindex="0">${abridge(problem, 60)}</pre></div>`)}
${run.notes.map((note) => html`<p class="aside">${note}</p>`)}</section>`;
}
