/** Playwright reporter: writes `certificate.html`. */
import { dirname, join } from 'node:path';
import { renderCertificate } from './certificate/page.ts';
import { readMutation } from './mutation.ts';
import type { Run } from './run.ts';
import { RunFileReporter } from './run-file.ts';

export interface CertificateOptions {
  /** Default `reports/certificate.html`, relative to the working directory. */
  readonly outputFile?: string;
  /** Address of the history, relative to the certificate. */
  readonly history?: string;
}

export default class CertificateReporter extends RunFileReporter {
  readonly #history: { readonly history?: string };

  constructor({ outputFile = 'reports/certificate.html', history }: CertificateOptions = {}) {
    super(outputFile);
    this.#history = history === undefined ? {} : { history };
  }

  protected override render(run: Run): string {
    const mutation = readMutation(join(dirname(this.file), 'mutation.json'), run.lab.name);
    return renderCertificate(run, { ...this.#history, ...(mutation === undefined ? {} : { mutation }) });
  }
}
