/** Changes of the web console, which are neither a failure of the lab nor a regression. */
import { type Html, html } from '../../certificate/html.ts';
import { type ConsoleDrift, consoleDrifts } from '../analysis/console.ts';
import type { Look } from './look.ts';
import { when } from './matrix.ts';

/** Undefined if the console never changed. */
export function consoleChanges(look: Look): Html | undefined {
  const drifts = consoleDrifts(look.lab);
  if (drifts.length === 0) return undefined;
  return html`<section aria-labelledby="${look.prefix}-console"><h2 id="${look.prefix}-console">The web console has changed</h2>
<p class="small">The steps were clicked all the same. Check whether the guide’s words and pictures still fit.</p>
<ul class="places">${drifts.map((drift) => entry(look, drift))}</ul></section>`;
}

function entry(look: Look, { series, control, from, before, to, since }: ConsoleDrift): Html {
  const releases = [before, since].map(({ cluster }) => cluster?.openshiftVersion ?? 'unknown');
  const between = releases[0] === releases[1] ? '' : `, between OpenShift ${releases.join(' and ')}`;
  return html`<li><p><strong>${look.nameOf(series)}</strong>, since ${when(since)}${between}: <span class="change"><b>${control}</b> ${from} <span aria-hidden="true">→</span><span class="unseen">to</span> ${to}</span></p></li>`;
}
