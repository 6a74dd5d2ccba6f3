/** What the evidence of a sandbox run rests on: imitated parts, copies of repositories, and the lab's own programs. */
import type { Provenance } from '../../model/provenance.ts';
import { countsOf, sourceList } from '../figures.ts';
import type { Run } from '../run.ts';
import { type Html, html } from './html.ts';

/** Undefined for a run on a real cluster. */
export function provenance(run: Run): Html | undefined {
  if (run.cluster?.kind !== 'sandbox') return undefined;
  const imitated = stepsByImitation(run);
  return html`<section aria-labelledby="provenance"><h2 id="provenance">What the evidence rests on</h2>
<p>This run took place on Labwright’s sandbox. These parts of it are not what an OpenShift cluster has.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Provenance"><table class="departures"><thead><tr><th scope="col">On the sandbox</th><th scope="col">Where it counts</th></tr></thead>
<tbody>${[...imitated].map(([says, titles]) => entry(`${says}.`, judged(titles)))}${ofLab(run.cluster.provenance)}${ignored(run)}${figuresEntry(run)}</tbody></table></div>
${imitated.size === 0 && html`<p class="small">No step was judged by an imitated part.</p>`}</section>`;
}

/** For each imitated part, the steps that were judged by it, in the guide's order. */
function stepsByImitation(run: Run): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const section of run.sections) {
    for (const { step, restsOn = [] } of section.exercises.flatMap(({ steps }) => steps)) {
      for (const says of restsOn)
        found.set(says, (found.get(says) ?? new Set()).add(`${section.number} · ${step.title}`));
    }
  }
  return found;
}

function judged(titles: ReadonlySet<string>): Html {
  return html`<p class="small">Steps judged by it</p>${prose([...titles])}`;
}

function ofLab(provenance: Provenance | undefined): Html[] {
  if (provenance === undefined) return [];
  const { repositories, images } = provenance;
  return [
    ...(repositories.length === 0
      ? []
      : [entry('The guide’s repositories were the lab’s own copies.', html`${list(repositories)}`)]),
    ...(images.length === 0
      ? []
      : [
          entry(
            'Images ran the programs that the lab names, not the content of the image.',
            html`${list(images.map(({ image, program }) => `${image} → ${program}`))}`,
          ),
        ]),
  ];
}

/** Fields without effect in the sandbox, from all steps. */
function ignored(run: Run): Html | undefined {
  const steps = run.sections.flatMap(({ exercises }) => exercises.flatMap((exercise) => exercise.steps));
  const fields = [...new Set(steps.flatMap(({ withoutEffect = [] }) => withoutEffect))].sort();
  if (fields.length === 0) return undefined;
  return entry('The sandbox accepted these fields, but they had no effect.', html`${list(fields)}`);
}

/** Where the figures of the imitated release come from; those that are assumed are named. */
function figuresEntry(run: Run): Html | undefined {
  const sources = run.cluster?.provenance?.figures ?? [];
  if (sources.length === 0) return undefined;
  const steps = run.sections.flatMap(({ number, exercises }) =>
    exercises.flatMap((exercise) =>
      exercise.steps.flatMap(({ step, assumed }) => (assumed === undefined ? [] : [`${number} · ${step.title}`])),
    ),
  );
  const resting = [...new Set(steps)];
  return entry(
    `Figures of the release: ${countsOf(sources)}.`,
    html`${resting.length > 0 && html`<p class="small">Steps that saw an assumed figure</p>${prose(resting)}`}<details><summary>All figures with their sources</summary>${sourceList(sources)}</details>`,
  );
}

/** Titles of steps are sentences, not code. */
function prose(entries: readonly string[]): Html {
  return html`<ul>${entries.map((text) => html`<li>${text}</li>`)}</ul>`;
}

function list(entries: readonly string[]): Html {
  return html`<ul>${entries.map((text) => html`<li><code>${text}</code></li>`)}</ul>`;
}

function entry(title: string, body: Html): Html {
  return html`<tr><td>${title}</td><td>${body}</td></tr>`;
}
