/** The steps of the sample lab: every verb, every kind of observation. */

import { type Split, stoppingRule } from '../../expect/stopping-rule.ts';
import type { Observation } from '../../model/evidence.ts';
import { atLine, type SampleStep } from './build.ts';

export const ROUTE = 'guestbook-guestbook-gateway-525eca1d5089dbdc-istio-system.apps.sandbox.test';
const URL = `http://${ROUTE}`;

export function run(command: string, stdout: string, ms = 240, verb: 'run' | 'check' = 'run'): SampleStep {
  const seen: Observation = {
    kind: 'command',
    command,
    exit: 0,
    stdout,
    stderr: '',
    directory: '~/guestbook/v2',
    attempts: 1,
  };
  const held: Observation = {
    kind: 'expectation',
    what: 'the output contains the guide’s words',
    expected: stdout.split('\n')[0] ?? '',
    actual: stdout,
    held: true,
    at: atLine(1, 5),
  };
  return {
    verb,
    title: command,
    yaml: `${verb}: ${command}\nexpect: ${stdout.split('\n')[0] ?? ''}`,
    ms,
    sees: () => [seen, held],
  };
}

export function browse(title: (browser: string) => string, shot: (browser: string) => string): SampleStep {
  return {
    verb: 'browse',
    title: 'http://$GUESTBOOK_ROUTE',
    yaml: 'browse: http://$GUESTBOOK_ROUTE\nexpect:\n  firefox: { title: Guestbook - v2 }\n  chromium: { title: Guestbook - v1 }',
    ms: 730,
    sees: (browser) => [
      {
        kind: 'page',
        url: URL,
        title: title(browser),
        status: 200,
        text: `${title(browser)}\n\nWaiting for database connection…\nHello from the lab`,
        requestId: '6f2f2d1c-09aa-9f3e-b1b4-1c2d8b1f7c11',
        screenshot: shot(browser),
      },
      {
        kind: 'expectation',
        what: 'title',
        expected: title(browser),
        actual: title(browser),
        held: true,
        at: atLine(5, 12),
      },
    ],
  };
}

const pods = [
  'guestbook-v1-98dd9c654-dz8dq',
  'guestbook-v1-98dd9c654-mgfv6',
  'guestbook-v1-98dd9c654-x8gxx',
  'guestbook-v2-8689f6c559-5ntgv',
  'guestbook-v2-8689f6c559-fpzb7',
  'guestbook-v2-8689f6c559-wqbnl',
  'redis-master-577bc6fbb-zh5v8',
  'redis-slave-7779c6f75b-bshvs',
  'redis-slave-7779c6f75b-nvsvd',
];
export const podTable = [
  'NAME                            READY   STATUS    RESTARTS   AGE',
  ...pods.map((name) => `${name.padEnd(32)}2/2     Running   0          11s`),
].join('\n');

export const ready: SampleStep = {
  verb: 'ready',
  title: 'deployment/guestbook-v1, deployment/guestbook-v2',
  yaml: 'ready: [deployment/guestbook-v1, deployment/guestbook-v2]\nwithin: 2m',
  ms: 5210,
  sees: () => [
    {
      kind: 'object',
      title: 'Deployment guestbook-v1',
      waitedMs: 5190,
      object: {
        kind: 'Deployment',
        metadata: { name: 'guestbook-v1', namespace: 'guestbook' },
        status: { replicas: 3, readyReplicas: 3, availableReplicas: 3 },
      },
    },
  ],
};

const SPLIT: Split = {
  expect: [
    { value: 'Guestbook - v1', share: 0.8, at: { file: '05-traffic.yaml', line: 63, column: 19 } },
    { value: 'Guestbook - v2', share: 0.2, at: { file: '05-traffic.yaml', line: 63, column: 41 } },
  ],
  deviation: 0.1,
  error: 1e-6,
};

export const sample: SampleStep = {
  verb: 'sample',
  title: '80% of the pages are v1, 20% are v2',
  yaml: 'sample: http://$GUESTBOOK_ROUTE\nby: title\nexpect: { Guestbook - v1: 80%, Guestbook - v2: 20% }',
  ms: 3620,
  sees: (browser) => {
    const [one, requests] = browser === 'firefox' ? [268, 338] : [309, 385];
    return [
      {
        kind: 'sample',
        url: URL,
        requests,
        deviation: 0.1,
        error: 0.000001,
        counts: [
          { value: 'Guestbook - v1', count: one, expectedShare: 0.8 },
          { value: 'Guestbook - v2', count: requests - one, expectedShare: 0.2 },
        ],
        test: { rule: stoppingRule(SPLIT), stoppedBy: 'right' },
      },
    ];
  },
};

export function call(title: string, from: string, outcome: string, output: string): SampleStep {
  return {
    verb: 'call',
    title,
    yaml: `call: http://guestbook.guestbook\nfrom: { namespace: outside, sidecar: false }\nexpect: ${outcome}`,
    ms: 610,
    sees: () => [{ kind: 'call', url: 'http://guestbook.guestbook', from, outcome, output, attempts: 2 }],
  };
}

export const operator: SampleStep = {
  verb: 'operator',
  title: 'servicemeshoperator, channel stable',
  yaml: 'operator: servicemeshoperator\nchannel: stable\nsource: redhat-operators',
  ms: 2140,
  sees: () => [
    {
      kind: 'object',
      title: 'ClusterServiceVersion servicemeshoperator.v2.0.7',
      waitedMs: 2100,
      object: { kind: 'ClusterServiceVersion', status: { phase: 'Succeeded' } },
    },
  ],
};

export const v1 = () => 'Guestbook - v1';
export const ab = (browser: string) => (browser === 'firefox' ? 'Guestbook - v2' : 'Guestbook - v1');
