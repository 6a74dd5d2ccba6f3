/** Who answered a step's requests, as the mesh's own proxies logged it: the other end of what the step saw. */
import type { Answer } from '../../model/answers.ts';
import type { Observation } from '../../model/evidence.ts';
import { type Html, html } from './html.ts';

type Answered = Extract<Observation, { kind: 'answers' }>;

export function answers({ log, answers, missing }: Answered): Html {
  const [first, ...more] = answers;
  if (first === undefined) return html`<div class="seen"><p class="small">${whyNone(log)}</p></div>`;
  const body =
    more.length === 0 && first.requests === 1 ? html`<dl class="pairs">${pairs(first)}</dl>` : table(answers);
  const untold =
    missing > 0 && html`<p class="small">No proxy logged ${missing === 1 ? 'one request' : `${missing} requests`}.</p>`;
  return html`<div class="seen answers"><p class="small">By the proxies’ access logs, joined by ${first.matchedBy}</p>${body}${untold}</div>`;
}

function whyNone(log: Answered['log']): string {
  switch (log) {
    case 'read':
      return 'No proxy of the mesh logged this request.';
    case 'off':
      return 'The proxies of this mesh write no access log in Istio’s form, so they can’t tell who answered.';
    case 'unreadable':
      return 'The logs of the mesh’s proxies could not be read, so they can’t tell who answered.';
  }
}

function pairs(answer: Answer): Html {
  const { through } = answer;
  return html`<div><dt>Answered by</dt><dd>${podOf(answer)}</dd></div>${through.length > 0 && html`<div><dt>Through</dt><dd>${through.map((pod, index) => html`${index > 0 && ', '}<code>${pod}</code>`)}</dd></div>`}<div><dt>Connection</dt><dd>${connectionOf(answer)}</dd></div>${routeOf(answer) !== undefined && html`<div><dt>Route</dt><dd>${routeOf(answer)}</dd></div>`}`;
}

function podOf({ pod, by, flags }: Answer): Html {
  return by === 'app'
    ? html`<code>${pod}</code>`
    : html`the proxy of <code>${pod}</code> itself${flags !== undefined && html` (<code>${flags}</code>)`}`;
}

function connectionOf({ mutualTls, as, by }: Answer): Html {
  if (by === 'proxy') return html`no app was asked`;
  if (mutualTls === undefined) return html`not told by the log`;
  if (!mutualTls) return html`plaintext`;
  return html`mutual TLS${as !== undefined && html` as <code>${as}</code>`}`;
}

function routeOf({ virtualService, route }: Answer): Html | undefined {
  if (virtualService === undefined)
    return route === undefined || route === 'default' ? undefined : html`<code>${route}</code>`;
  return html`${route !== undefined && html`<code>${route}</code> of `}VirtualService <code>${virtualService}</code>`;
}

/** Of a sample: how many of its requests each pod answered; what all have in common is said once. */
function table(answers: readonly Answer[]): Html {
  const [first] = answers;
  if (first === undefined) return html``;
  const rest = ({ through, as, mutualTls, virtualService, route, by }: Answer) =>
    JSON.stringify([through, as, mutualTls, virtualService, route, by]);
  const alike = answers.every((answer) => rest(answer) === rest(first));
  const sorted = [...answers].sort(
    (a, b) => (a.value ?? '').localeCompare(b.value ?? '') || b.requests - a.requests || a.pod.localeCompare(b.pod),
  );
  const common =
    alike &&
    html`<dl class="pairs"><div><dt>Connection</dt><dd>${connectionOf(first)}</dd></div>${routeOf(first) !== undefined && html`<div><dt>Route</dt><dd>${routeOf(first)}</dd></div>`}</dl>`;
  return html`<table class="answers"><thead><tr><th scope="col">Counted as</th><th scope="col">Answered by</th><th scope="col">Requests</th>${!alike && html`<th scope="col">Connection</th>`}</tr></thead><tbody>${sorted.map((answer) => html`<tr><td>${answer.value ?? ''}</td><td>${podOf(answer)}</td><td>${answer.requests}</td>${!alike && html`<td>${connectionOf(answer)}</td>`}</tr>`)}</tbody></table>${common}`;
}
