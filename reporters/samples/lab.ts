/** A shortened service mesh lab: every verb, every kind of observation. */
import type { Observation } from '../../steps/evidence.ts';
import type { LabPlan } from '../../steps/plan.ts';
import { atLine, type SampleExercise, type SampleStep } from './build.ts';

const ROUTE = 'guestbook-guestbook-gateway-525eca1d5089dbdc-istio-system.apps.sandbox.test';
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
const podTable = [
  'NAME                            READY   STATUS    RESTARTS   AGE',
  ...pods.map((name) => `${name.padEnd(32)}2/2     Running   0          11s`),
].join('\n');

const ready: SampleStep = {
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

const sample: SampleStep = {
  verb: 'sample',
  title: '1200 requests to http://$GUESTBOOK_ROUTE',
  yaml: 'sample: http://$GUESTBOOK_ROUTE\nby: title\nexpect: { Guestbook - v1: 80%, Guestbook - v2: 20% }',
  ms: 3620,
  sees: (browser) => {
    const one = browser === 'firefox' ? 951 : 968;
    return [
      {
        kind: 'sample',
        url: URL,
        requests: 1200,
        deviation: 0.1,
        error: 0.000001,
        counts: [
          { value: 'Guestbook - v1', count: one, expectedShare: 0.8, pValue: 0.5331 },
          { value: 'Guestbook - v2', count: 1200 - one, expectedShare: 0.2, pValue: 0.5331 },
        ],
      },
    ];
  },
};

function call(title: string, from: string, outcome: string, output: string): SampleStep {
  return {
    verb: 'call',
    title,
    yaml: `call: http://guestbook.guestbook\nfrom: { namespace: outside, sidecar: false }\nexpect: ${outcome}`,
    ms: 610,
    sees: () => [{ kind: 'call', url: 'http://guestbook.guestbook', from, outcome, output, attempts: 2 }],
  };
}

const operator: SampleStep = {
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

const v1 = () => 'Guestbook - v1';
const ab = (browser: string) => (browser === 'firefox' ? 'Guestbook - v2' : 'Guestbook - v1');

export const EXERCISES: readonly SampleExercise[] = [
  {
    section: 1,
    title: 'Log in to OpenShift',
    steps: [
      run(
        'oc login --token=$LAB_TOKEN --server=$LAB_SERVER',
        'Logged into "https://127.0.0.1:41233" as "kube:admin" using the token provided.',
      ),
    ],
  },
  {
    section: 1,
    title: 'Clone the lab repo',
    steps: [
      run('export WORK_DIR=$(pwd)', ''),
      run(
        'git clone -b openshift-service-mesh https://github.com/odrodrig/istio101',
        "Cloning into 'istio101'...",
        410,
      ),
    ],
  },
  { section: 2, title: 'Install the operators', steps: [operator] },
  {
    section: 2,
    title: 'Create the control plane',
    steps: [
      run('oc new-project istio-system', 'Now using project "istio-system" on server "https://127.0.0.1:41233".'),
      run(
        'oc get smcp -n istio-system',
        'NAME    READY   STATUS            PROFILES      VERSION   AGE\nbasic   9/9     ComponentsReady   ["default"]   2.0.7.1   4s',
        6120,
        'check',
      ),
    ],
  },
  {
    section: 3,
    title: 'Create a Redis database',
    steps: [
      run('oc create -f $WORK_DIR/guestbook/v2/redis-master-deployment.yaml', 'deployment.apps/redis-master created'),
      run('oc create -f $WORK_DIR/guestbook/v2/redis-slave-deployment.yaml', 'deployment.apps/redis-slave created'),
    ],
  },
  {
    section: 3,
    title: 'Install the Guestbook app',
    steps: [
      run('oc apply -f $WORK_DIR/guestbook/v1/guestbook-deployment.yaml', 'deployment.apps/guestbook-v1 created'),
      ready,
      run('oc get pods', podTable, 260, 'check'),
    ],
  },
  {
    section: 4,
    title: 'Expose the app with the Ingress Gateway',
    steps: [
      run(
        'oc create -f $WORK_DIR/istio101/docs/plans/guestbook-gateway.yaml',
        'gateway.networking.istio.io/guestbook-gateway created\nvirtualservice.networking.istio.io/virtual-service-guestbook created',
      ),
      run('echo $GUESTBOOK_ROUTE', ROUTE),
      browse(v1, () => 'v1'),
    ],
  },
  {
    section: 5,
    title: 'A/B testing with Istio',
    steps: [
      run(
        'oc create -f $WORK_DIR/istio101/docs/plans/guestbook-destination.yaml',
        'destinationrule.networking.istio.io/destination-rule-guestbook created',
      ),
      run(
        'oc replace -f $WORK_DIR/istio101/docs/plans/virtualservice-all-v1.yaml',
        'virtualservice.networking.istio.io/virtual-service-guestbook replaced',
      ),
      browse(v1, () => 'v1'),
      run(
        'oc replace -f $WORK_DIR/istio101/docs/plans/virtualservice-test.yaml',
        'virtualservice.networking.istio.io/virtual-service-guestbook replaced',
      ),
      browse(ab, (browser) => (browser === 'firefox' ? 'v2' : 'v1')),
    ],
  },
  {
    section: 5,
    title: 'Canary deployment',
    steps: [
      run(
        'oc replace -f $WORK_DIR/istio101/docs/plans/virtualservice-80-20.yaml',
        'virtualservice.networking.istio.io/virtual-service-guestbook replaced',
      ),
      sample,
    ],
  },
  {
    section: 5,
    title: 'See a circuit breaker open',
    beyondTheGuide: 'The guide explains circuit breaking but has no step for it; this exercise shows one open.',
    steps: [
      call(
        'A burst of calls overflows one connection',
        'a mesh pod in guestbook',
        '503',
        'upstream connect error or disconnect/reset before headers. reset reason: overflow',
      ),
    ],
  },
  {
    section: 6,
    title: 'Encrypt the traffic with mTLS',
    steps: [
      call('Plaintext before STRICT', 'a pod without sidecar in outside', '200', ''),
      run(
        'oc replace -f $WORK_DIR/istio101/docs/plans/guestbook-mtls.yaml',
        'peerauthentication.security.istio.io/default replaced',
      ),
      call(
        'Plaintext after STRICT',
        'a pod without sidecar in outside',
        'reset',
        'curl: (56) Recv failure: Connection reset by peer',
      ),
      browse(
        () => 'Guestbook - v2',
        () => 'v2',
      ),
    ],
  },
];

const TITLES = [
  '',
  'Set up your lab environment',
  'Install OpenShift Service Mesh',
  'Deploy the Guestbook app with Istio proxy',
  'Expose the service mesh with the Ingress Gateway',
  'Perform traffic management',
  'Secure your services',
];

export const PLAN: LabPlan = {
  version: 1,
  lab: { name: 'openshift-service-mesh', title: 'OpenShift Service Mesh Lab' },
  browsers: ['firefox', 'chromium'],
  sections: [1, 2, 3, 4, 5, 6].map((number) => ({
    number,
    title: TITLES[number] ?? '',
    exercises: EXERCISES.filter((exercise) => exercise.section === number).map((exercise) => ({
      title: exercise.title,
      steps: exercise.steps.map((step) => step.title),
    })),
  })),
  departures: [
    {
      guide:
        'oc login --token=IPPLfmxSfehKnZepKFH8nmAuXv6qCWZ_8mP3HC6oFlo --server=https://c107-e.us-south.containers.cloud.ibm.com:30219',
      lab: 'oc login --token=$LAB_TOKEN --server=$LAB_SERVER',
      reason: 'Every cluster has its own address and token.',
    },
  ],
  skipped: [
    {
      section: 1,
      what: 'Logging in to cloud.ibm.com and opening the Cloud Shell',
      reason: 'The lab runs on any cluster it has a kubeconfig for; these pages belong to IBM Cloud.',
    },
  ],
};
