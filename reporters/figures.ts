/** Where the figures of a release come from, for the certificate and the matrix. */
import type { FigureSource } from '../model/figure-source.ts';
import { type Html, html } from './certificate/html.ts';

const BASES: Readonly<Record<FigureSource['basis'], string>> = {
  cluster: 'seen on clusters',
  source: 'read in source code',
  document: 'read in documents',
  assumed: 'assumed',
};
const BY_TRUST = ['cluster', 'source', 'document', 'assumed'] as const;

/** `5 seen on clusters, 14 read in source code, 1 read in documents and 9 assumed`; parts without a figure are left out. */
export function countsOf(sources: readonly FigureSource[]): string {
  const counts = BY_TRUST.map((basis) => {
    const of = sources.filter((source) => source.basis === basis);
    return [of.reduce((sum, { figures }) => sum + figures.length, 0), BASES[basis]] as const;
  });
  const said = counts.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
  return said.length < 2 ? said.join('') : `${said.slice(0, -1).join(', ')} and ${said.at(-1)}`;
}

/** Every source with its figures, the assumed ones first. */
export function sourceList(sources: readonly FigureSource[]): Html {
  const sorted = [...sources].sort((a, b) => BY_TRUST.indexOf(b.basis) - BY_TRUST.indexOf(a.basis));
  return html`<ul class="sources">${sorted.map(({ basis, text, figures }) => html`<li><strong>${BASES[basis]}</strong>: ${text}<br>${figures.map(({ name }, index) => html`${index > 0 && ', '}<code>${name}</code>`)}</li>`)}</ul>`;
}
