/** Marks for a status: a drawn symbol and always a word, so that nothing depends on colour. */
import type { Status } from '../run.ts';
import { type Html, html } from './html.ts';

const SHAPES: Readonly<Record<Status, Html>> = {
  passed: html`<path d="M3.5 8.5l3 3 6-7"/>`,
  failed: html`<path d="M4 4l8 8M12 4l-8 8"/>`,
  blocked: html`<path d="M3.5 8h9"/>`,
  interrupted: html`<path d="M8 3v6.5M8 12.4v.6"/>`,
  'not run': html`<circle cx="8" cy="8" r="1"/>`,
};

/** The symbol alone; hidden from screen readers. */
export function mark(status: Status): Html {
  return html`<svg class="mark is-${slug(status)}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${SHAPES[status]}</svg>`;
}

/** Symbol and word. */
export function badge(status: Status, rest = ''): Html {
  return html`<span class="badge is-${slug(status)}">${mark(status)}${status}${rest}</span>`;
}

export function slug(status: Status): string {
  return status.replace(' ', '-');
}
