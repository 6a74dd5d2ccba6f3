/** A run in which every string tries to break out of the page or contains a credential. */
import type { Failure, Observation } from '../../model/evidence.ts';
import type { Run } from '../../reporters/run.ts';
import { buildRun, type SampleExercise } from './build.ts';

const ATTACK = `"'></title></style></pre></svg><script>alert(1)</script><img src=x onerror=alert(2)>\`\${7*7}\u001b[31m\u202e\u0000javascript:alert(3)`;

/** Synthetic credentials, built from parts so that secret scanners do not report them. */
export const SECRETS: readonly string[] = [
  `sha256~${'q7Zk2mPx9Lr4Tt8WvYb3Nc6Hd1Jf5Gs0'}`,
  ['eyJhbGciOiJSUzI1NiJ9', 'eyJzdWIiOiJzeXN0ZW06YWRtaW4ifQ', 'c2lnbmF0dXJlLW9mLW5vYm9keQ'].join('.'),
  'IPPLfmxSfehKnZepKFH8nmAuXv6qCWZ_8mP3HC6oFlo',
  'hunter2hunter2',
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC',
];
const [sha = '', jwt = '', opaque = '', password = '', key = ''] = SECRETS;
const LEAK = [
  `oc login --token=${opaque} --server=https://api.test:6443`,
  `token is ${sha}`,
  `Authorization: Bearer ${jwt}`,
  `curl -H "Authorization: Bearer ${opaque}"`,
  `https://admin:${password}@registry.test/v2`,
  `-----BEGIN PRIVATE ${'KEY-----'}\n${key}\n-----END PRIVATE ${'KEY-----'}`,
].join('\n');

const POISON = `${ATTACK}\n${LEAK}`;
const at = { file: POISON, line: 1, column: 1 };

const observations: readonly Observation[] = [
  { kind: 'command', command: POISON, exit: 1, stdout: POISON, stderr: POISON, directory: POISON, attempts: 2 },
  {
    kind: 'object',
    title: POISON,
    object: { [ATTACK]: POISON, token: opaque, nested: [POISON, { password }] },
    waitedMs: 1,
  },
  { kind: 'page', url: POISON, title: POISON, status: 200, text: POISON, requestId: POISON, screenshot: ATTACK },
  {
    kind: 'sample',
    url: POISON,
    requests: 10,
    deviation: 0.1,
    error: 1e-6,
    counts: [{ value: POISON, count: 10, expectedShare: 1 }],
  },
  { kind: 'call', url: POISON, from: POISON, outcome: POISON, output: POISON, attempts: 1 },
  { kind: 'expectation', what: POISON, expected: POISON, actual: POISON, held: false, at },
];

const failure: Failure = {
  code: POISON,
  message: POISON,
  expected: POISON,
  actual: POISON,
  at,
  next: POISON,
  details: [{ title: POISON, text: POISON }],
};

/** Browser names are hostile too: a project may be called anything. */
export function hostileRun(): Run {
  const exercise: SampleExercise = {
    section: 1,
    title: POISON,
    beyondTheGuide: POISON,
    steps: [
      { verb: 'run', title: POISON, yaml: POISON, ms: 10, sees: () => observations },
      { verb: 'run', title: POISON, yaml: POISON, ms: 10, sees: () => [] },
    ],
  };
  return buildRun({
    plan: {
      version: 1,
      lab: { name: POISON, title: POISON },
      browsers: [POISON],
      sections: [
        { number: 1, title: POISON, exercises: [{ title: POISON, steps: [POISON, POISON] }] },
        { number: 2, title: POISON, exercises: [] },
      ],
      departures: [{ guide: POISON, lab: POISON, reason: POISON }],
      skipped: [{ section: 1, what: POISON, reason: POISON }],
    },
    exercises: [exercise],
    browsers: [POISON],
    cluster: { kind: 'openshift', server: POISON, openshiftVersion: POISON, release: POISON },
    fate: () => ({ status: 'failed', failsAt: { index: 0, failure }, blockedBy: POISON }),
    screenshots: () => new Map([[ATTACK, new TextEncoder().encode('<svg onload=alert(4)>')]]),
    problems: [POISON],
    notes: [POISON],
  });
}
