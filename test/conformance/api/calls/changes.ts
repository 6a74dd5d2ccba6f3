/** Built-in kinds: changes of objects, and scenarios with a kind of a CRD. */

import type { Scenario } from '../call.ts';
import { APPS, MERGE, PODS, selector, spec, TABLE, template } from './shared.ts';

export const changes: readonly Scenario[] = [
  {
    name: 'changes',
    calls: [
      {
        what: 'make a Deployment',
        method: 'POST',
        path: `${APPS}/deployments`,
        body: { metadata: { name: 'd' }, spec: { replicas: 0, selector, template } },
      },
      {
        what: 'its selector is for good',
        method: 'PATCH',
        path: `${APPS}/deployments/d`,
        body: { spec: { selector: { matchLabels: { app: 'z' } }, template: { metadata: { labels: { app: 'z' } } } } },
        headers: MERGE,
      },
      { what: 'its scale', method: 'GET', path: `${APPS}/deployments/d/scale` },
      { what: 'a subresource that is not there', method: 'GET', path: `${APPS}/deployments/d/nothing` },
      {
        what: 'make a Service',
        method: 'POST',
        path: '/api/v1/namespaces/{ns}/services',
        body: { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } },
      },
      {
        what: 'its address is for good',
        method: 'PATCH',
        path: '/api/v1/namespaces/{ns}/services/s',
        body: { spec: { clusterIP: '172.30.9.9', clusterIPs: ['172.30.9.9'] } },
        headers: MERGE,
      },
      {
        what: 'make a Secret that is for good',
        method: 'POST',
        path: '/api/v1/namespaces/{ns}/secrets',
        body: { metadata: { name: 's' }, immutable: true, data: { a: 'YQ==' } },
      },
      {
        what: 'it can not be changed',
        method: 'PATCH',
        path: '/api/v1/namespaces/{ns}/secrets/s',
        body: { data: { a: 'Yg==' } },
        headers: MERGE,
      },
      {
        what: 'make a RoleBinding',
        method: 'POST',
        path: '/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings',
        body: {
          metadata: { name: 'r' },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
        },
      },
      {
        what: 'its role is for good',
        method: 'PATCH',
        path: '/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings/r',
        body: { roleRef: { name: 'edit' } },
        headers: MERGE,
      },
      { what: 'make a Pod', method: 'POST', path: PODS, body: { metadata: { name: 'p' }, spec } },
      {
        what: 'its spec is for good',
        method: 'PATCH',
        path: `${PODS}/p`,
        body: { spec: { schedulerName: 'other' } },
        headers: MERGE,
      },
      {
        what: 'status alone',
        method: 'PATCH',
        path: `${PODS}/p/status`,
        body: { metadata: { labels: { no: 'label' } }, status: { message: 'hello' } },
        headers: MERGE,
      },
      { what: 'Pods as a table', method: 'GET', path: PODS, headers: TABLE },
      { what: 'Services as a table', method: 'GET', path: '/api/v1/namespaces/{ns}/services', headers: TABLE },
      {
        what: 'RoleBindings as a table',
        method: 'GET',
        path: '/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings',
        headers: TABLE,
      },
      { what: 'logs of a Pod without a node', method: 'GET', path: `${PODS}/p/log` },
    ],
  },
  {
    name: 'extension',
    calls: [
      {
        what: 'make a kind',
        method: 'POST',
        path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All',
        body: {
          metadata: { name: 'boats.example.com' },
          spec: {
            group: 'example.com',
            scope: 'Namespaced',
            names: { plural: 'boats', kind: 'Boat' },
            versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
          },
        },
      },
      {
        what: 'make a kind under a wrong name',
        method: 'POST',
        path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All',
        body: {
          metadata: { name: 'ships.example.com' },
          spec: {
            group: 'example.com',
            scope: 'Namespaced',
            names: { plural: 'boats', kind: 'Boat' },
            versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
          },
        },
      },
      {
        what: 'make a kind without a schema',
        method: 'POST',
        path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All',
        body: {
          metadata: { name: 'boats.example.com' },
          spec: {
            group: 'example.com',
            scope: 'Namespaced',
            names: { plural: 'boats', kind: 'Boat' },
            versions: [{ name: 'v1', served: true, storage: true }],
          },
        },
      },
    ],
  },
];
