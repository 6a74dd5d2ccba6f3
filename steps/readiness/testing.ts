/** For tests of readiness: objects of any kind, and tables of what is said about them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiObject } from '../../kube/types.ts';
import { readinessOf } from './index.ts';

export type Rest = {
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  generation?: number;
  deleted?: boolean;
};

/** @param kind `group/Kind`, or `Kind` of the core group. */
export function object(kind: string, rest: Rest & Record<string, unknown> = {}): ApiObject {
  const [name = '', group] = kind.split('/').reverse();
  const { generation, deleted, ...fields } = rest;
  return {
    apiVersion: group === undefined ? 'v1' : `${group}/v1`,
    kind: name,
    metadata: {
      name: 'x',
      ...(generation === undefined ? {} : { generation }),
      ...(deleted === true ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    ...fields,
  };
}

/** `ready`, `failed: why`, or why it is not ready yet. */
export function told(of: ApiObject): string {
  const readiness = readinessOf(of);
  if (readiness.ready) return 'ready';
  return readiness.failed === true ? `failed: ${readiness.why}` : readiness.why;
}

export const conditions = (...states: readonly string[]) => ({
  status: {
    conditions: states.map((state) => {
      const [type, status = 'True', reason] = state.split(' ');
      return { type, status, ...(reason === undefined ? {} : { reason }) };
    }),
  },
});
export const phase = (value: string, more = {}) => ({ status: { phase: value, ...more } });

/** For each kind: an object and its verdict. */
export type Cases = Readonly<Record<string, readonly (readonly [Rest & Record<string, unknown>, RegExp | string])[]>>;

/** A test for each kind. */
export function testReadiness(cases: Cases): void {
  for (const [kind, ofKind] of Object.entries(cases)) {
    test(kind, () => {
      for (const [rest, expected] of ofKind) {
        const seen = told(object(kind, rest));
        if (typeof expected === 'string') assert.equal(seen, expected);
        else assert.match(seen, expected);
      }
    });
  }
}
