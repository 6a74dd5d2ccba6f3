/** Playwright reporter: prints the closing table and writes `summary.md` and `verdict.json`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { FullResult } from '@playwright/test/reporter';
import { formatDuration } from '../model/duration.ts';
import { CollectingReporter } from './collecting.ts';
import { type SummaryLinks, summaryMarkdown } from './markdown.ts';
import type { Run } from './run.ts';
import { summaryTable } from './table.ts';
import { judge, type Verdict } from './verdict.ts';
import { verdictFile } from './verdict-file.ts';

export { refusalMarkdown } from './markdown.ts';

export interface SummaryOptions {
  /** Folder of the reports, relative to the working directory. Default `reports`. */
  readonly outputDir?: string;
  /** Path of the certificate, printed in the closing lines. Default `<outputDir>/certificate.html`. */
  readonly certificate?: string;
  /** A link to the run. */
  readonly link?: string;
}

export default class SummaryReporter extends CollectingReporter {
  readonly #directory: string;
  readonly #certificate: string;
  readonly #links: SummaryLinks;

  constructor(options: SummaryOptions = {}) {
    super();
    this.#directory = resolve(options.outputDir ?? 'reports');
    this.#certificate = resolve(options.certificate ?? join(this.#directory, 'certificate.html'));
    const reports = relative(process.cwd(), this.#directory) || '.';
    this.#links = { reports, ...(options.link === undefined ? {} : { run: options.link }) };
  }

  override printsToStdio(): boolean {
    return true;
  }

  /** Changes Playwright's status to failed if the verdict is stricter, so that the exit code matches the verdict. */
  override onEnd(result: FullResult): Promise<{ status?: FullResult['status'] } | undefined> {
    void super.onEnd(result);
    const run = this.collector.run();
    const verdict = judge(run);
    mkdirSync(this.#directory, { recursive: true });
    writeFileSync(join(this.#directory, 'summary.md'), summaryMarkdown(run, verdict, this.#links));
    writeFileSync(
      join(this.#directory, 'verdict.json'),
      `${JSON.stringify(verdictFile(run, verdict), undefined, 2)}\n`,
    );
    process.stdout.write(`${closingLines(run, verdict, this.#certificate)}\n`);
    const stricter = verdict.kind === 'not fit' || (verdict.exitCode === 1 && result.status === 'passed');
    return Promise.resolve(stricter ? { status: 'failed' } : undefined);
  }
}

/** The closing block: table, verdict, time, path of the report. */
export function closingLines(run: Run, verdict: Verdict, certificate: string): string {
  return [
    '',
    summaryTable(run),
    '',
    `${verdict.headline}. ${verdict.reason}`,
    ...(run.notFit === undefined ? [] : ['', run.notFit, '']),
    ...(verdict.scope !== undefined && verdict.kind !== 'partial' ? [`Partial run: ${verdict.scope}.`] : []),
    `Time    ${formatDuration(run.durationMs)}`,
    `Report  ${relative(process.cwd(), certificate)}`,
  ].join('\n');
}
