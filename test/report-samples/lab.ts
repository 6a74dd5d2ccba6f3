/** A shortened service mesh lab for sample runs. */
import type { LabPlan } from '../../model/plan.ts';
import type { SampleExercise } from './build.ts';
import { ab, browse, call, operator, podTable, ROUTE, ready, run, sample, v1 } from './steps.ts';

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
      {
        ...run(
          'oc get smcp -n istio-system',
          'NAME    READY   STATUS            PROFILES      VERSION   AGE\nbasic   9/9     ComponentsReady   ["default"]   2.0.7.1   4s',
          6120,
          'check',
        ),
        restsOn: ['The Service Mesh operator is imitated'],
      },
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
