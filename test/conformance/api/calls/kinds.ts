/** Built-in kinds: their defaults and their validation. */

import type { Scenario } from '../call.ts';
import { APPS, BATCH, container, create, PODS, selector, spec, template } from './shared.ts';

export const kinds: readonly Scenario[] = [
  {
    name: 'defaults',
    calls: [
      create('a Pod', PODS, { metadata: { name: 'p' }, spec }),
      create('a Pod with resources', PODS, {
        metadata: { name: 'p' },
        spec: {
          ...spec,
          containers: [
            { ...container, resources: { requests: { cpu: '1000m', memory: '1024Mi' }, limits: { cpu: 2 } } },
          ],
        },
      }),
      create('a Pod with probes', PODS, {
        metadata: { name: 'p' },
        spec: {
          ...spec,
          containers: [
            {
              ...container,
              ports: [{ containerPort: 80 }],
              livenessProbe: { httpGet: { port: 80 } },
              readinessProbe: { tcpSocket: { port: 80 } },
            },
          ],
        },
      }),
      create('a Pod with volumes', PODS, {
        metadata: { name: 'p' },
        spec: {
          ...spec,
          volumes: [
            { name: 'a', configMap: { name: 'x' } },
            { name: 'b', secret: { secretName: 'y' } },
            { name: 'c', emptyDir: {} },
          ],
        },
      }),
      create('a Deployment', `${APPS}/deployments`, { metadata: { name: 'd' }, spec: { selector, template } }),
      create('a StatefulSet', `${APPS}/statefulsets`, {
        metadata: { name: 's' },
        spec: { serviceName: 's', selector, template },
      }),
      create('a DaemonSet', `${APPS}/daemonsets`, { metadata: { name: 'd' }, spec: { selector, template } }),
      create('a ReplicaSet', `${APPS}/replicasets`, { metadata: { name: 'r' }, spec: { selector, template } }),
      create('a Job', `${BATCH}/jobs`, {
        metadata: { name: 'j' },
        spec: { manualSelector: true, selector, template: { ...template, spec: { ...spec, restartPolicy: 'Never' } } },
      }),
      create('a CronJob', `${BATCH}/cronjobs`, {
        metadata: { name: 'c' },
        spec: {
          schedule: '* * * * *',
          jobTemplate: { spec: { template: { spec: { ...spec, restartPolicy: 'OnFailure' } } } },
        },
      }),
      create('a Service', '/api/v1/namespaces/{ns}/services', {
        metadata: { name: 's' },
        spec: { selector: { app: 'x' }, ports: [{ port: 80 }] },
      }),
      create('a headless Service', '/api/v1/namespaces/{ns}/services', {
        metadata: { name: 's' },
        spec: { clusterIP: 'None', selector: { app: 'x' }, ports: [{ name: 'a', port: 80, targetPort: 'web' }] },
      }),
      create('a Secret from text', '/api/v1/namespaces/{ns}/secrets', {
        metadata: { name: 's' },
        stringData: { a: 'b' },
      }),
      create('a ServiceAccount', '/api/v1/namespaces/{ns}/serviceaccounts', { metadata: { name: 's' } }),
      create('a Namespace', '/api/v1/namespaces', { metadata: { name: 'another' } }),
      create('a NetworkPolicy', '/apis/networking.k8s.io/v1/namespaces/{ns}/networkpolicies', {
        metadata: { name: 'n' },
        spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] },
      }),
      create('a RoleBinding', '/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings', {
        metadata: { name: 'r' },
        roleRef: { kind: 'ClusterRole', name: 'view' },
        subjects: [{ kind: 'User', name: 'u' }],
      }),
    ],
  },
  {
    name: 'refusals',
    calls: [
      create('a Pod without containers', PODS, { metadata: { name: 'p' }, spec: { containers: [] } }),
      create('a Pod without a spec', PODS, { metadata: { name: 'p' } }),
      create('a container without an image', PODS, {
        metadata: { name: 'p' },
        spec: { ...spec, containers: [{ name: 'c' }] },
      }),
      create('two containers of one name', PODS, {
        metadata: { name: 'p' },
        spec: { ...spec, containers: [container, container] },
      }),
      create('a port out of range', PODS, {
        metadata: { name: 'p' },
        spec: { ...spec, containers: [{ ...container, ports: [{ containerPort: 70000 }] }] },
      }),
      create('a wrong quantity', PODS, {
        metadata: { name: 'p' },
        spec: { ...spec, containers: [{ ...container, resources: { requests: { cpu: 'much' } } }] },
      }),
      create('a mount without its volume', PODS, {
        metadata: { name: 'p' },
        spec: { ...spec, containers: [{ ...container, volumeMounts: [{ name: 'v', mountPath: '/v' }] }] },
      }),
      create('a Deployment without a selector', `${APPS}/deployments`, { metadata: { name: 'd' }, spec: { template } }),
      create('a Deployment whose selector is another', `${APPS}/deployments`, {
        metadata: { name: 'd' },
        spec: { selector: { matchLabels: { app: 'y' } }, template },
      }),
      create('replicas that are no number', `${APPS}/deployments`, {
        metadata: { name: 'd' },
        spec: { replicas: 'three', selector, template },
      }),
      create('negative replicas', `${APPS}/deployments`, {
        metadata: { name: 'd' },
        spec: { replicas: -1, selector, template },
      }),
      create('a Service without ports', '/api/v1/namespaces/{ns}/services', { metadata: { name: 's' }, spec: {} }),
      create('two ports without names', '/api/v1/namespaces/{ns}/services', {
        metadata: { name: 's' },
        spec: { ports: [{ port: 80 }, { port: 81 }] },
      }),
      create('a Secret that is not base64', '/api/v1/namespaces/{ns}/secrets', {
        metadata: { name: 's' },
        data: { a: '%' },
      }),
      create('a wrong schedule', `${BATCH}/cronjobs`, {
        metadata: { name: 'c' },
        spec: {
          schedule: 'daily',
          jobTemplate: { spec: { template: { spec: { ...spec, restartPolicy: 'OnFailure' } } } },
        },
      }),
      create('a Job that restarts always', `${BATCH}/jobs`, { metadata: { name: 'j' }, spec: { template } }),
      {
        what: 'a misspelt field, strictly',
        method: 'POST',
        path: `${APPS}/deployments?dryRun=All&fieldValidation=Strict`,
        body: { metadata: { name: 'd' }, spec: { replica: 1, selector, template } },
      },
      {
        what: 'a misspelt field, with a warning',
        method: 'POST',
        path: `${APPS}/deployments?dryRun=All&fieldValidation=Warn`,
        body: { metadata: { name: 'd' }, spec: { replica: 1, selector, template } },
      },
      {
        what: 'a field twice, strictly',
        method: 'POST',
        path: '/api/v1/namespaces/{ns}/configmaps?dryRun=All&fieldValidation=Strict',
        body: '{"metadata": {"name": "a", "name": "b"}}',
      },
    ],
  },
];
