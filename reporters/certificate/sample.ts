/** A sample as small bars: what came, what was expected, and how far off would have been caught. */
import type { Observation } from '../../model/evidence.ts';
import { type Html, html } from './html.ts';

type Sample = Extract<Observation, { kind: 'sample' }>;

export function sampleBars(sample: Sample): Html {
  const rows = sample.counts.map((count) => {
    const share = sample.requests === 0 ? 0 : count.count / sample.requests;
    return html`<tr><th scope="row">${count.value}</th><td class="bar">${bar(share, count.expectedShare, sample.deviation)}</td><td>${count.count}</td><td>${percent(share)}</td><td>${percent(count.expectedShare)}</td><td>${probability(count.pValue)}</td></tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Sample counts"><table class="sample"><caption>${sample.requests} requests to <code>${sample.url}</code>. A share that is off by ${percent(sample.deviation)} is caught; a wrong verdict either way has a probability of ${probability(sample.error)}.</caption>
<thead><tr><th scope="col">Answer</th><th scope="col"><span class="unseen">Share as a bar</span></th><th scope="col">Count</th><th scope="col">Seen</th><th scope="col">Expected</th><th scope="col">p</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Percentages place everything, so the drawing stretches without a script. */
function bar(share: number, expected: number, deviation: number): Html {
  const low = Math.max(0, expected - deviation);
  const high = Math.min(1, expected + deviation);
  const label = `${percent(share)} seen, ${percent(expected)} expected, give or take ${percent(deviation)}`;
  return html`<svg class="share" width="100%" height="18" role="img" aria-label="${label}"><rect class="track" x="0" y="5" width="100%" height="8"/><rect class="band" x="${at(low)}" y="1" width="${at(high - low)}" height="16"/><rect class="seen" x="0" y="5" width="${at(share)}" height="8"/><line class="wanted" x1="${at(expected)}" x2="${at(expected)}" y1="0" y2="18"/></svg>`;
}

function at(fraction: number): string {
  return `${(Math.min(1, Math.max(0, fraction)) * 100).toFixed(2)}%`;
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(1).replace(/\.0$/, '')}%`;
}

function probability(value: number): string {
  if (value >= 0.001 || value === 0) return String(Number(value.toPrecision(2)));
  return value
    .toExponential(0)
    .replace('e-', ' × 10⁻')
    .replace(/⁻(\d+)/, (_, digits: string) => `⁻${superscript(digits)}`);
}

function superscript(digits: string): string {
  return digits.replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(digit)));
}
