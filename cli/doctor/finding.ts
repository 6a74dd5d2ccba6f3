/** One thing that was looked at. */
export interface Finding {
  /** Stable name, e.g. `chromium`. */
  readonly id: string;
  /** `problem`: certify can't work; `warning`: it may, but worse. */
  readonly level: 'ok' | 'warning' | 'problem';
  /** What was found. */
  readonly what: string;
  /** Why it matters; absent when all is well. */
  readonly why?: string;
  /** The command, or setting, that mends it. */
  readonly mend?: string;
}

export function ok(id: string, what: string): Finding {
  return { id, level: 'ok', what };
}

export function problem(id: string, what: string, why: string, mend: string): Finding {
  return { id, level: 'problem', what, why, mend };
}

export function warning(id: string, what: string, why: string, mend: string): Finding {
  return { id, level: 'warning', what, why, mend };
}

/** For a terminal: a mark, what, and for what is not well the reason and the way out. */
export function renderFinding(finding: Finding): string {
  const mark = { ok: 'ok     ', warning: 'warning', problem: 'PROBLEM' }[finding.level];
  const lines = [`${mark}  ${finding.what}`];
  if (finding.why !== undefined) lines.push(`         matters for: ${finding.why}`);
  if (finding.mend !== undefined) lines.push(`         mend it: ${finding.mend}`);
  return lines.join('\n');
}
