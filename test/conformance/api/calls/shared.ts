/** What the calls about built-in kinds share. */
import type { Call } from '../call.ts';

export const MERGE = { 'content-type': 'application/merge-patch+json' };
export const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
export const PODS = '/api/v1/namespaces/{ns}/pods';
export const APPS = '/apis/apps/v1/namespaces/{ns}';
export const BATCH = '/apis/batch/v1/namespaces/{ns}';
export const container = { name: 'c', image: 'example' };
export const spec = { automountServiceAccountToken: false, schedulerName: 'nobody', containers: [container] };
export const template = { metadata: { labels: { app: 'x' } }, spec };
export const selector = { matchLabels: { app: 'x' } };
export const create = (what: string, path: string, body: unknown): Call => ({
  what,
  method: 'POST',
  path: `${path}?dryRun=All`,
  body,
});
