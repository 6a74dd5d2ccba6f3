/** Prints columns as `oc` does. */

export interface Columns {
  /** Spaces after the longest cell of a column. */
  readonly gap: number;
  /** Minimum width of a column, including the gap. */
  readonly least: number;
}

/** @param lines the heading comes first; the last column is not padded. */
export function columnsOf(lines: readonly (readonly string[])[], { gap, least }: Columns): string {
  const padded = (lines[0]?.length ?? 1) - 1;
  const widths = Array.from({ length: padded }, (_, column) =>
    Math.max(least, ...lines.map((line) => (line[column]?.length ?? 0) + gap)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('')
        .trimEnd(),
    )
    .join('\n');
}
