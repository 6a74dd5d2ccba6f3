/** Circles of files that import each other (Tarjan's strongly connected components). */
import type { Source } from './imports.ts';

/** @returns each circle's files, sorted; files outside a circle are left out. */
export function circlesOf(sources: readonly Source[]): string[][] {
  const imports = new Map(sources.map(({ file, imports }) => [file, imports]));
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): number => {
    const place = order.size;
    order.set(file, place);
    lowest.set(file, place);
    open.push(file);
    for (const target of imports.get(file) ?? []) {
      if (!imports.has(target)) continue;
      if (!order.has(target)) lower(file, visit(target));
      else if (open.includes(target)) lower(file, order.get(target) ?? place);
    }
    if (lowest.get(file) === place) {
      const circle = open.splice(open.indexOf(file));
      if (circle.length > 1) circles.push(circle.sort());
    }
    return lowest.get(file) ?? place;
  };
  const lower = (file: string, place: number): void => {
    lowest.set(file, Math.min(lowest.get(file) ?? place, place));
  };
  for (const { file } of sources) if (!order.has(file)) visit(file);
  return circles;
}
