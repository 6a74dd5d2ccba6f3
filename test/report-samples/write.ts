/** `node test/report-samples/write.ts DIRECTORY`: writes the certificate of every sample, for viewing. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { renderCertificate } from '../../reporters/certificate/page.ts';
import { hostileRun } from './hostile.ts';
import { blockedRun, failingRun, interruptedRun, oneBrowserRun, passingRun, sectionRun } from './runs.ts';

const directory = resolve(process.argv[2] ?? 'reports/samples');
const samples = {
  passing: passingRun(),
  failing: failingRun(),
  blocked: blockedRun(),
  interrupted: interruptedRun(),
  section: sectionRun(),
  'one-browser': oneBrowserRun(),
  hostile: hostileRun(),
};
mkdirSync(directory, { recursive: true });
for (const [name, run] of Object.entries(samples)) {
  const page = renderCertificate(run);
  writeFileSync(join(directory, `${name}.html`), page);
  process.stdout.write(`${join(directory, `${name}.html`)}  ${Math.round(page.length / 1024)} KiB\n`);
}
