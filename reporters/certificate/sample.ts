/** A sample as small bars: measured and expected shares, the deviation that would be detected, and why the sample ended. */
import type { Observation, SampleVerdict } from '../../model/evidence.ts';
import { type Html, html } from './html.ts';

type Sample = Extract<Observation, { kind: 'sample' }>;

export function sampleBars(sample: Sample): Html {
  const rows = sample.counts.map((count) => {
    const share = sample.requests === 0 ? 0 : count.count / sample.requests;
    return html`<tr><th scope="row">${count.value}</th><td class="bar">${bar(share, count.expectedShare, sample.deviation)}</td><td>${count.count}</td><td>${percent(share)}</td><td>${percent(count.expectedShare)}</td></tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Sample counts"><table class="sample"><caption>${captionOf(sample)}</caption>
<thead><tr><th scope="col">Answer</th><th scope="col"><span class="unseen">Share as a bar</span></th><th scope="col">Count</th><th scope="col">Seen</th><th scope="col">Expected</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function captionOf({ requests, url, deviation, error, test }: Sample): Html {
  const asked = html`${requests} requests to <code>${url}</code>`;
  // Evidence of version 1: a fixed number of requests.
  if (test === undefined) return html`${asked}. A correct split is reported as wrong in ${oneIn(error)}.`;
  const { falseAlarm, miss, cutOff } = test.rule;
  return html`${asked}, at most ${cutOff}: ${endOf(test)} A correct split is reported as wrong in at most ${oneIn(falseAlarm)}; one that is off by ${percent(deviation)} or more passes in at most ${oneIn(miss)}.`;
}

function endOf({ stoppedBy, against }: SampleVerdict): string {
  switch (stoppedBy) {
    case 'right':
      return 'stopped when every deviation was ruled out.';
    case 'wrong':
      return against === undefined
        ? 'stopped when a deviation was established.'
        : `stopped when the counts of “${against.value}” indicated ${percent(against.against)} instead of ${percent(against.share)}.`;
    case 'unlisted':
      return 'stopped at an answer that should not occur.';
    case 'cut-off':
      return 'decided by the exact test at the last request.';
    case 'nothing':
      return 'ended without a verdict.';
  }
}

/** Everything is positioned by percentages, so the drawing stretches without a script. */
function bar(share: number, expected: number, deviation: number): Html {
  const low = Math.max(0, expected - deviation);
  const high = Math.min(1, expected + deviation);
  const label = `${percent(share)} seen, ${percent(expected)} expected, plus or minus ${percent(deviation)}`;
  return html`<svg class="share" width="100%" height="18" role="img" aria-label="${label}"><rect class="track" x="0" y="5" width="100%" height="8"/><rect class="band" x="${at(low)}" y="1" width="${at(high - low)}" height="16"/><rect class="seen" x="0" y="5" width="${at(share)}" height="8"/><line class="wanted" x1="${at(expected)}" x2="${at(expected)}" y1="0" y2="18"/></svg>`;
}

function at(fraction: number): string {
  return `${(Math.min(1, Math.max(0, fraction)) * 100).toFixed(2)}%`;
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(1).replace(/\.0$/, '')}%`;
}

function oneIn(probability: number): string {
  if (!(probability > 0)) return 'no sample';
  return `one of ${Math.round(1 / probability).toLocaleString('en-US')}`;
}
