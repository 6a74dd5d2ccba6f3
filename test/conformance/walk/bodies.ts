/** Bodies for a random walk: mostly valid ones of each kind, sometimes with one mistake. */
import { type Random, someFields } from '../../support/random.ts';

export interface WalkedKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  body(random: Random): object;
}

const LABELS = { app: 'web', tier: 'front', 'example.com/of': 'walk' };

function containers(random: Random): object[] {
  const one = (name: string): object => ({
    name,
    image: random.pick(['busybox', 'busybox:1.36', `r.example/a/b@sha256:${'0'.repeat(64)}`, '']),
    ...someFields(
      random,
      {
        command: ['sleep', random.pick(['1', '2'])],
        env: [
          { name: 'A', value: random.pick(['1', '2']) },
          { name: random.pick(['B', 'not ok']), valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } },
        ],
        ports: [{ containerPort: random.pick([80, 8080, 70_000]), name: random.pick(['http', 'Wrong_Name']) }],
        resources: { requests: { cpu: random.pick(['100m', '0.5', '2']) }, limits: { cpu: '1' } },
        readinessProbe: { httpGet: { path: '/', port: random.pick([80, 'http']) } },
        volumeMounts: [{ name: random.pick(['data', 'none']), mountPath: '/data' }],
      },
      0.35,
    ),
  });
  return ['main', 'side'].filter((name) => name === 'main' || random.chance(0.3)).map(one);
}

function podTemplate(random: Random): object {
  return {
    metadata: {
      labels: { app: random.pick(['web', 'web', 'web', 'other']), ...someFields(random, { tier: 'front' }) },
    },
    spec: {
      containers: containers(random),
      ...someFields(
        random,
        {
          volumes: [{ name: 'data', emptyDir: {} }],
          restartPolicy: random.pick(['Always', 'Never']),
          terminationGracePeriodSeconds: random.pick([0, 30, -1]),
          serviceAccountName: 'robot',
        },
        0.3,
      ),
    },
  };
}

export const WALKED: readonly WalkedKind[] = [
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    plural: 'configmaps',
    body: (random) =>
      someFields(random, {
        data: someFields(random, { a: '1', b: random.pick(['2', '3']), 'c.d': '', 'not ok!': 'x' }, 0.4),
        immutable: random.chance(0.2),
      }),
  },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    plural: 'secrets',
    body: (random) =>
      someFields(random, {
        data: { a: random.pick(['YQ==', 'not base64']) },
        stringData: { b: 'text' },
        type: random.pick(['Opaque', 'kubernetes.io/tls']),
      }),
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    plural: 'services',
    body: (random) => ({
      spec: {
        clusterIP: 'None',
        ports: [
          {
            port: random.pick([80, 81, 0]),
            ...someFields(
              random,
              {
                name: random.pick(['http', 'web']),
                targetPort: random.pick([8080, 'http', 'way-too-long-for-a-port']),
                protocol: random.pick(['TCP', 'UDP', 'FTP']),
              },
              0.6,
            ),
          },
          ...(random.chance(0.4) ? [{ port: 443, name: random.pick(['https', 'http']) }] : []),
        ],
        ...someFields(random, {
          selector: someFields(random, LABELS),
          sessionAffinity: random.pick(['None', 'ClientIP']),
          publishNotReadyAddresses: true,
        }),
      },
    }),
  },
  {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    plural: 'serviceaccounts',
    body: (random) =>
      someFields(random, {
        automountServiceAccountToken: random.chance(0.5),
        imagePullSecrets: [{ name: random.pick(['a', 'b']) }],
      }),
  },
  {
    apiVersion: 'v1',
    kind: 'PodTemplate',
    plural: 'podtemplates',
    body: (random) => ({ template: podTemplate(random) }),
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    plural: 'deployments',
    body: (random) => ({
      spec: {
        paused: true,
        replicas: random.pick([0, 0, 0, -1]),
        selector: { matchLabels: { app: 'web' } },
        template: podTemplate(random),
        ...someFields(
          random,
          {
            strategy: { type: random.pick(['Recreate', 'RollingUpdate']) },
            minReadySeconds: random.pick([0, 5]),
            revisionHistoryLimit: 3,
          },
          0.4,
        ),
      },
    }),
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    plural: 'ingresses',
    body: (random) => ({
      spec: {
        rules: [
          {
            host: random.pick(['a.example', '*.b.example', 'Not_A_Host']),
            http: {
              paths: [
                {
                  path: random.pick(['/', '/a', 'a']),
                  pathType: random.pick(['Prefix', 'Exact', 'Sometimes']),
                  backend: { service: { name: 'web', port: { number: random.pick([80, 0]) } } },
                },
              ],
            },
          },
        ],
        ...someFields(random, { ingressClassName: 'haproxy', tls: [{ hosts: ['a.example'], secretName: 'cert' }] }),
      },
    }),
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    plural: 'networkpolicies',
    body: (random) => ({
      spec: {
        podSelector: random.pick([{}, { matchLabels: { app: 'web' } }]),
        ...someFields(random, {
          policyTypes: random.pick([['Ingress'], ['Egress'], ['Both']]),
          ingress: [
            {
              from: [{ podSelector: {} }, { ipBlock: { cidr: random.pick(['10.0.0.0/8', '10.0.0.1/99']) } }],
              ports: [{ port: random.pick([80, 'http']) }],
            },
          ],
        }),
      },
    }),
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    plural: 'roles',
    body: (random) => ({
      rules: [{ apiGroups: [''], resources: random.pick([['pods'], []]), verbs: random.pick([['get', 'list'], []]) }],
    }),
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    plural: 'rolebindings',
    body: (random) => ({
      roleRef: {
        kind: random.pick(['Role', 'Role', 'Rule']),
        name: random.pick(['a', 'b']),
        apiGroup: 'rbac.authorization.k8s.io',
      },
      subjects: [
        {
          kind: random.pick(['User', 'ServiceAccount', 'Robot']),
          name: 'someone',
          ...someFields(random, { namespace: 'default' }),
        },
      ],
    }),
  },
  {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    plural: 'leases',
    body: (random) => ({
      spec: someFields(random, {
        holderIdentity: random.pick(['me', 'you']),
        leaseDurationSeconds: random.pick([10, -1]),
      }),
    }),
  },
  {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    plural: 'poddisruptionbudgets',
    body: (random) => ({
      spec: {
        selector: { matchLabels: { app: 'nobody' } },
        ...someFields(random, { minAvailable: random.pick([1, '50%', '150%', -1]), maxUnavailable: 1 }),
      },
    }),
  },
];

export function objectOf(of: WalkedKind, name: string, random: Random): object {
  const metadata = {
    name,
    ...someFields(random, { labels: someFields(random, LABELS), annotations: { note: random.pick(['a', 'b']) } }, 0.4),
  };
  return { apiVersion: of.apiVersion, kind: of.kind, metadata, ...of.body(random) };
}
