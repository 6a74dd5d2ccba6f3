/** Formats points in time. */

/** `23 Nov 2026, 16:04 UTC`: the same for every reader. */
export function formatTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  return `${day}, ${date.toISOString().slice(11, 16)} UTC`;
}

/** `23 Nov 2026`. */
export function formatDay(iso: string): string {
  return formatTime(iso).replace(/,.*$/, '');
}
