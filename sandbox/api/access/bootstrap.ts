/**
 * The ClusterRoles and bindings for people that every kube-apiserver creates, as recorded from version 1.34. The roles of
 * its own controllers are left out.
 */

import { readFileSync } from 'node:fs';
import { items, parseJson } from '../../../model/fields.ts';
import { type ApiObject, apiObject } from '../types.ts';

export function bootstrapRoles(): readonly ApiObject[] {
  return items(parseJson(readFileSync(new URL('bootstrap.recorded.json', import.meta.url), 'utf8'))).map(apiObject);
}
