/** What a step saw, each kind of observation in its own form. */
import { dump } from 'js-yaml';
import { formatDuration } from '../../model/duration.ts';
import type { Failure, Observation, StepEvidence } from '../../model/evidence.ts';
import { abridge, plainAll, shownPath } from '../plain.ts';
import { answers } from './answers.ts';
import { type Content, type Html, html } from './html.ts';
import { mark } from './marks.ts';
import { comparison } from './masthead.ts';
import { sampleBars } from './sample.ts';

const OUTPUT_LINES = 60;

/** Everything a step saw, in order. Text that repeats the command's output is not printed twice. */
export function observations(step: StepEvidence): Html[] {
  const outputs = step.observations.flatMap((seen) => (seen.kind === 'command' ? [seen.stdout.trim()] : []));
  return step.observations.map((seen) => {
    const repeats = seen.kind === 'expectation' && seen.held && outputs.includes(seen.actual.trim());
    return observation(repeats && seen.actual.includes('\n') ? { ...seen, actual: 'in the output above' } : seen);
  });
}

function observation(seen: Observation): Html {
  switch (seen.kind) {
    case 'command':
      return command(seen);
    case 'object':
      return object(seen);
    case 'page':
      return page(seen);
    case 'sample':
      return sampleBars(seen);
    case 'call':
      return call(seen);
    case 'answers':
      return answers(seen);
    case 'arrival':
      return arrival(seen);
    case 'wait':
      return wait(seen);
    case 'api':
      return api(seen);
    case 'expectation':
      return expectation(seen);
  }
}

function command(seen: Extract<Observation, { kind: 'command' }>): Html {
  const tries = seen.attempts > 1 ? `, ${seen.attempts} attempts` : '';
  return html`<div class="seen"><pre class="terminal" tabindex="0"><span class="prompt" aria-hidden="true">$ </span><b>${seen.command}</b>
${abridge(seen.stdout, OUTPUT_LINES)}${seen.stderr.trim() !== '' && html`<span class="stderr">${seen.stdout.trim() !== '' && '\n'}${abridge(seen.stderr, OUTPUT_LINES)}</span>`}</pre>${caption(`exit code ${seen.exit}${tries}${seen.directory === '.' ? '' : `, in ${seen.directory}`}`)}</div>`;
}

function object(seen: Extract<Observation, { kind: 'object' }>): Html {
  const waited = seen.waitedMs === undefined ? '' : `, waited ${formatDuration(seen.waitedMs)}`;
  const text = dump(plainAll(seen.object), { lineWidth: -1, noRefs: true });
  return html`<div class="seen object">${caption(`${seen.title}${waited}`)}<pre tabindex="0">${abridge(text, OUTPUT_LINES)}</pre></div>`;
}

function page(seen: Extract<Observation, { kind: 'page' }>): Html {
  const request =
    seen.requestId === undefined
      ? undefined
      : html`<div><dt>Request id</dt><dd><code>${seen.requestId}</code></dd></div>`;
  return html`<div class="seen"><dl class="pairs"><div><dt>Address</dt><dd><code>${seen.url}</code></dd></div><div><dt>Title</dt><dd>${seen.title}</dd></div><div><dt>Status</dt><dd>${seen.status}</dd></div>${request}</dl>${seen.text.trim() !== '' && html`<pre class="prose" tabindex="0">${abridge(seen.text, 16)}</pre>`}</div>`;
}

function wait(seen: Extract<Observation, { kind: 'wait' }>): Html {
  return html`<p class="small">${formatDuration(seen.takenMs)} of at most ${formatDuration(seen.deadlineMs)}</p>`;
}

function arrival(seen: Extract<Observation, { kind: 'arrival' }>): Html {
  const generation = seen.generation === undefined ? '' : ` (generation ${seen.generation})`;
  const how =
    seen.toldBy === 'proxies'
      ? html`Reported by the mesh after ${formatDuration(seen.waitedMs)}: ${seen.message}`
      : html`Shown by the requests above: ${seen.message}.`;
  return html`<div class="seen"><dl class="pairs"><div><dt>Rule</dt><dd>${seen.rule}${generation}</dd></div><div><dt>Arrived</dt><dd>${how}</dd></div></dl></div>`;
}

/** One line per call: what it did to which object, followed by the fields that changed. */
function api(seen: Extract<Observation, { kind: 'api' }>): Html {
  const lines = seen.calls.map(({ method, path, status, object: of, refused, repeats, fields = [] }) => {
    const notes = [refused === undefined ? '' : 'refused', repeats === undefined ? '' : `sent ${repeats + 1} times`];
    const said = [String(status), ...notes.filter((note) => note !== '')].join(', ');
    const changed = fields.map(
      ({ path: field, before, after }) => `\n    ${field}: ${before || '-'} → ${after || '-'}`,
    );
    return `${method} ${of ?? path}  ${said}${changed.join('')}`;
  });
  return html`<div class="seen">${caption('Through the API')}<pre tabindex="0">${abridge(lines.join('\n'), OUTPUT_LINES)}</pre></div>`;
}

function call(seen: Extract<Observation, { kind: 'call' }>): Html {
  const tries = seen.attempts > 1 ? ` after ${seen.attempts} attempts` : '';
  return html`<div class="seen"><dl class="pairs"><div><dt>${seen.control === true ? 'Control' : 'Call'}</dt><dd><code>${seen.url}</code>${seen.control === true && ' at the same moment'}</dd></div><div><dt>From</dt><dd>${seen.from}</dd></div><div><dt>Outcome</dt><dd><strong class="outcome">${seen.outcome}</strong>${seen.meaning !== undefined && html`: ${seen.meaning}`}${tries}</dd></div></dl>${seen.output.trim() !== '' && html`<pre tabindex="0">${abridge(seen.output, 16)}</pre>`}</div>`;
}

function expectation(seen: Extract<Observation, { kind: 'expectation' }>): Html {
  const status = seen.held ? 'passed' : 'failed';
  const brief =
    !seen.expected.includes('\n') && !seen.actual.includes('\n') && seen.expected.length + seen.actual.length < 140;
  const said = html`${mark(status)}<span class="unseen">${seen.held ? 'held' : 'did not hold'}: </span><span>${seen.what}</span>`;
  if (brief) {
    return html`<div class="seen expectation is-${status}"><p>${said}</p><dl class="pairs"><div><dt>Expected</dt><dd><code>${seen.expected}</code></dd></div><div><dt>Seen</dt><dd><code>${seen.actual}</code></dd></div></dl></div>`;
  }
  return html`<div class="seen expectation is-${status}"><p>${said}</p>${comparison(seen.expected, seen.actual)}</div>`;
}

/** A failure with the details collected for it. */
export function failureBlock(failure: Failure): Html {
  const details = (failure.details ?? []).map(
    (detail) =>
      html`<div class="seen">${caption(detail.title)}<pre tabindex="0">${abridge(detail.text, OUTPUT_LINES)}</pre></div>`,
  );
  return html`<div class="failure"><p class="message">${failure.message} <span class="code">${failure.code}</span></p>${comparison(failure.expected, failure.actual)}${details}${failure.next !== undefined && html`<p class="next"><strong>What to do</strong> ${failure.next}</p>`}<p class="small">written at <code>${shownPath(failure.at.file)}:${failure.at.line}:${failure.at.column}</code></p></div>`;
}

function caption(text: Content): Html {
  return html`<p class="small">${text}</p>`;
}
