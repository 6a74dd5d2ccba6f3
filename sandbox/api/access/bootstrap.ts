/**
 * The ClusterRoles and bindings for people that every kube-apiserver creates, as recorded from version 1.34. The roles of
 * its own controllers are left out.
 */
import { readFileSync } from 'node:fs';
import type { ApiObject } from '../types.ts';

export function bootstrapRoles(): readonly ApiObject[] {
  return JSON.parse(readFileSync(new URL('bootstrap.recorded.json', import.meta.url), 'utf8')) as ApiObject[];
}
