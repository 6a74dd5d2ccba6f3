/** The result of one check. */
export interface Finding {
  /** Stable name, e.g. `chromium`. */
  readonly id: string;
  /** `problem`: certify can't work; `warning`: it can, with limitations. */
  readonly level: 'ok' | 'warning' | 'problem';
  /** What was found. */
  readonly what: string;
  /** Why it matters; absent if all is well. */
  readonly why?: string;
  /** The command or setting that fixes it. */
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

/** For a terminal: a mark, the finding, and for a problem or warning the reason and the fix. */
export function renderFinding(finding: Finding): string {
  const mark = { ok: 'ok     ', warning: 'warning', problem: 'PROBLEM' }[finding.level];
  const lines = [`${mark}  ${finding.what}`];
  if (finding.why !== undefined) lines.push(`         needed for: ${finding.why}`);
  if (finding.mend !== undefined) lines.push(`         fix: ${finding.mend}`);
  return lines.join('\n');
}
