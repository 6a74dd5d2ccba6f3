/** Times as people read them. */

/** `840 ms`, `12.3 s`, `2 min 05 s`. */
export function formatDuration(ms: number): string {
  if (ms < 995) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const rest = `${String(seconds % 60).padStart(2, '0')} s`;
  return seconds < 3600
    ? `${Math.floor(seconds / 60)} min ${rest}`
    : `${Math.floor(seconds / 3600)} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')} min`;
}

/** `23 Nov 2026, 16:04 UTC`: the same for whoever reads it, wherever. */
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
