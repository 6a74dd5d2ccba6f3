/** The results as a table: what was changed, which step noticed it, and its message. */
import { isRight, type KillReason, type Result, type Status } from '../model.ts';
import { doubtOf, headlineOf, tallyOf } from './tally.ts';

const WORDS: Readonly<Record<Status, string>> = {
  killed: 'caught',
  timeout: 'caught: timed out',
  survived: 'not caught',
  equivalent: 'no difference',
  blocked: 'not played',
};

/**
 * @param lab title of the lab.
 * @param possible number of mistakes that can be made in the lab.
 * @returns HTML for the body of a page.
 */
export function overview(lab: string, results: readonly Result[], possible: number): string {
  const groups = Map.groupBy(results, ({ mutant }) => mutant.section);
  const open = results.filter(({ status, kill }) => isOpen(status) || isDoubtful(kill));
  const lists = [...groups].map(([section, of]) => listOf(`Section ${section}: ${headlineOf(tallyOf(of))}`, of, false));
  return `<section class="overview">
<h1>${escaped(lab)}</h1>
<p class="headline">${headlineOf(tallyOf(results))}</p>
${results.length < possible ? `<p>Only ${results.length} of the ${possible} mistakes that can be made in the lab were played.</p>` : ''}
<p>Each line is a small mistake made on purpose in the lab, and the step that noticed it.</p>
${open.length === 0 ? '' : listOf(`To review: ${open.length}`, open, true)}
${lists.join('\n')}
</section>`;
}

export const OVERVIEW_STYLE = `.overview{font:15px/1.5 system-ui,sans-serif;max-width:76rem;margin:0 auto;padding:1rem;color:#1c1c1c;background:#fff}
.overview h1{font-size:1.4rem;margin:0}.overview .headline{font-size:1.15rem;font-weight:600;margin:.2rem 0}
.overview details{border-top:1px solid #c7c7c7;padding:.5rem 0}.overview summary{cursor:pointer;font-weight:600}
.overview ol{list-style:none;margin:.5rem 0 0;padding:0}
.overview li{display:grid;grid-template-columns:9rem 1fr 1fr;gap:0 1rem;padding:.5rem 0;border-top:1px solid #e6e6e6;overflow-wrap:anywhere}
.overview b{font-weight:600}.overview small{display:block;color:#4d4d4d;font-size:.85rem}
.overview .caught{color:#204d00}.overview .open{color:#7d1007}
@media (max-width:700px){.overview li{grid-template-columns:1fr}}
@media (prefers-color-scheme:dark){.overview{color:#ececec;background:#18181b}.overview small{color:#b8b8b8}.overview details,.overview li{border-color:#3d3d42}.overview .caught{color:#9ad27a}.overview .open{color:#ff9a8f}body{background:#18181b}}`;

function listOf(title: string, results: readonly Result[], isOpened: boolean): string {
  return `<details${isOpened ? ' open' : ''}><summary>${escaped(title)}</summary><ol>${results.map(lineOf).join('')}</ol></details>`;
}

function lineOf({ mutant, status, killer, failure, reason, kill }: Result): string {
  const tone = isOpen(status) || isDoubtful(kill) ? 'open' : 'caught';
  const by =
    killer === undefined
      ? ''
      : `<b>${escaped(killer.step)}</b><small>section ${killer.section}, ${escaped(killer.exercise)}</small>`;
  const why = kill === undefined ? '' : `<small>${escaped(wordsOf(kill))}</small>`;
  const said = `<small>${escaped((failure?.message ?? reason ?? '').slice(0, 400))}</small>`;
  return `<li><span class="${tone}">${WORDS[status]}</span><span>${escaped(mutant.description)}<small>${escaped(mutant.operator)}</small></span><span>${by}${said}${why}</span></li>`;
}

function wordsOf(kill: KillReason): string {
  if (!isRight(kill)) return `Doubtful: ${doubtOf(kill)}`;
  return `The step belongs to the mistake (${kill.step}), and its message names it (${kill.message}).`;
}

function isOpen(status: Status): boolean {
  return status === 'survived' || status === 'blocked';
}

function isDoubtful(kill: KillReason | undefined): boolean {
  return kill !== undefined && !isRight(kill);
}

export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
