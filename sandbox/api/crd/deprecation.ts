/** The warning that a deprecated version of a CRD's kind gives to every request. */
import { at, type Fields, records, text } from '../../../model/fields.ts';
import { byPreference } from '../registry/version-order.ts';
import type { ApiObject } from '../types.ts';

/**
 * @param version one of the CRD's `spec.versions`.
 * @returns its own `deprecationWarning`, or else the server's (pkg/apiserver/customresource_handler.go, `defaultDeprecationWarning`).
 */
export function deprecationOf(crd: ApiObject, version: Fields): string | undefined {
  if (version['deprecated'] !== true) return undefined;
  const own = version['deprecationWarning'];
  if (typeof own === 'string') return own;
  const named = (name: string) => `${text(at(crd, 'spec', 'group'))}/${name} ${text(at(crd, 'spec', 'names', 'kind'))}`;
  const deprecated = text(version['name']);
  const [better] = records(at(crd, 'spec', 'versions'))
    .filter((one) => one['served'] === true && one['deprecated'] !== true)
    .map((one) => text(one['name']))
    .filter((name) => byPreference(name, deprecated) < 0)
    .sort(byPreference);
  return `${named(deprecated)} is deprecated${better === undefined ? '' : `; use ${named(better)}`}`;
}
