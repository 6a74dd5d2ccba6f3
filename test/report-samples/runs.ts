/** The sample runs. */
import type { Failure } from '../../model/evidence.ts';
import type { Run } from '../../reporters/run.ts';
import { atLine, buildRun, type SampleStep } from './build.ts';
import { EXERCISES, PLAN } from './lab.ts';
import { sampleScreenshots } from './picture.ts';
import { browse } from './steps.ts';

const common = { plan: PLAN, exercises: EXERCISES, screenshots: sampleScreenshots };

export function passingRun(): Run {
  return buildRun(common);
}

export const TITLE_FAILURE: Failure = {
  code: 'LW-EXPECT-TEXT',
  message: 'The page’s title is not the one expected in Firefox',
  expected: 'Guestbook - v2',
  actual: 'Guestbook - v1',
  at: atLine(5, 18),
  next: 'Look at the match in virtualservice-test.yaml: is the header user-agent, the pattern .*Firefox.*?',
  details: [
    {
      title: 'VirtualService virtual-service-guestbook, spec.http[0].match',
      text: '- headers:\n    user-agent:\n      regex: .*Firefax.*',
    },
    {
      title: 'Log of istio-proxy in guestbook-v1-98dd9c654-dz8dq, last lines',
      text: '[2026-11-23T16:04:31.120Z] "GET / HTTP/1.1" 200 - via_upstream - "-" 0 1842 3 2',
    },
  ],
};

/** Both browsers get v1, though Firefox should get v2. */
const WRONG_PAGE: SampleStep = {
  ...browse(
    () => 'Guestbook - v1',
    () => 'v1',
  ),
  sees: (browser) => {
    const title = browser === 'firefox' ? 'Guestbook - v2' : 'Guestbook - v1';
    const [page] = browse(
      () => 'Guestbook - v1',
      () => 'v1',
    ).sees(browser);
    const held = browser !== 'firefox';
    const at = atLine(5, 18);
    const judged = { kind: 'expectation', what: 'title', expected: title, actual: 'Guestbook - v1', held, at } as const;
    return page === undefined ? [judged] : [page, judged];
  },
};

/** One expectation fails in Firefox; the rest of the lab can still be judged. */
export function failingRun(): Run {
  const exercises = EXERCISES.map((exercise) =>
    exercise.title === 'A/B testing with Istio'
      ? { ...exercise, steps: [...exercise.steps.slice(0, 4), WRONG_PAGE] }
      : exercise,
  );
  return buildRun({
    ...common,
    exercises,
    fate: (exercise, browser) =>
      exercise.title === 'A/B testing with Istio' && browser === 'firefox'
        ? { status: 'failed', failsAt: { index: 4, failure: TITLE_FAILURE } }
        : { status: 'passed' },
  });
}

export const ACT_FAILURE: Failure = {
  code: 'LW-RUN-EXIT',
  message: 'The command ended with exit code 1, expected 0',
  expected: 'exit code 0',
  actual: 'exit code 1\nerror: the path "/home/person/guestbook/v1/guestbook-deployment.yaml" does not exist',
  at: atLine(3, 12),
  next: 'Check that manifests/ holds v1/guestbook-deployment.yaml, then: npm run certify -- --section 3',
};

/** An acting step fails in both browsers, so that what depends on it is blocked. */
export function blockedRun(): Run {
  return buildRun({
    ...common,
    fate: (exercise) => {
      if (exercise.title === 'Install the Guestbook app')
        return { status: 'failed', failsAt: { index: 0, failure: ACT_FAILURE } };
      if (exercise.section > 3)
        return { status: 'blocked', blockedBy: 'Section 3, “Install the Guestbook app”: an acting step failed' };
      return { status: 'passed' };
    },
  });
}

/** Ctrl-C in section 4. */
export function interruptedRun(): Run {
  return buildRun({
    ...common,
    ending: 'interrupted',
    fate: (exercise) => ({
      status: exercise.section < 4 ? 'passed' : exercise.section === 4 ? 'interrupted' : 'not run',
    }),
  });
}

/** `--section 5`. */
export function sectionRun(): Run {
  return buildRun({ ...common, exercises: EXERCISES.filter((exercise) => exercise.section === 5) });
}

/** `--browser firefox`. */
export function oneBrowserRun(): Run {
  return buildRun({ ...common, browsers: ['firefox'] });
}
