/** Turns a sample run into a Playwright project that attaches the same evidence, to test the reporters in real Playwright. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Run } from '../../reporters/run.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** @param directory an empty folder, in which `npx playwright test` can then run. @param slow section whose exercises never end. */
export function writeProject(directory: string, run: Run, options: { readonly slow?: number } = {}): void {
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  writeFileSync(join(directory, 'playwright.config.ts'), configOf(run));
  const exercises = run.sections.flatMap((section) =>
    section.exercises.map((exercise) => ({
      ...exercise,
      section: section.number,
      screenshots: [...exercise.screenshots].map(([name, png]) => [name, Buffer.from(png).toString('base64')]),
    })),
  );
  mkdirSync(join(directory, 'labs'));
  writeFileSync(join(directory, 'labs/run.json'), JSON.stringify({ plan: run.plan, exercises, slow: options.slow }));
  for (const section of run.sections) {
    const name = `0${section.number}-sample.spec.ts`;
    writeFileSync(
      join(directory, 'labs', name),
      SPEC.replaceAll('SECTION', String(section.number)).replace('TITLE', JSON.stringify(section.title)),
    );
  }
}

function configOf(run: Run): string {
  const reporter = (name: string) => [join(ROOT, `reporters/${name}.ts`)];
  const config = {
    testDir: './labs',
    workers: 2,
    reporter: [reporter('progress'), reporter('certificate'), reporter('summary')],
    projects: (run.plan?.browsers ?? []).map((name) => ({ name })),
  };
  return `export default ${JSON.stringify(config)};\n`;
}

const SPEC = `import { readFileSync } from 'node:fs';
import { test } from '@playwright/test';
const { plan, exercises, slow } = JSON.parse(readFileSync(new URL('./run.json', import.meta.url), 'utf8'));
const here = exercises.filter((exercise) => exercise.section === SECTION);
test.describe('SECTION · ' + TITLE, () => {
  for (const title of new Set(here.map((exercise) => exercise.title))) {
    test(title, { annotation: { type: 'section', description: 'SECTION' } }, async ({}, info) => {
      const own = here.find((exercise) => exercise.title === title && exercise.project === info.project.name);
      await info.attach('labwright-lab', { body: JSON.stringify(plan), contentType: 'application/json' });
      if (own.blockedBy) {
        info.annotations.push({ type: 'blocked', description: own.blockedBy });
        test.skip(true, own.blockedBy);
      }
      for (const step of own.steps) {
        await test.step(step.step.title, async () => {
          if (slow === SECTION) await new Promise(() => setInterval(() => {}, 1000));
          for (const seen of step.observations) {
            const shot = own.screenshots.find(([name]) => name === seen.screenshot);
            if (shot) await info.attach(shot[0], { body: Buffer.from(shot[1], 'base64'), contentType: 'image/png' });
          }
          await info.attach('labwright-evidence', { body: JSON.stringify(step), contentType: 'application/json' });
          if (step.failure) throw new Error(step.failure.message);
        });
      }
    });
  }
});
`;
