/** Finds the next ClusterServiceVersion for a Subscription, or the reason why there is none. Pure. */
import { CATALOG, CATALOG_NAMESPACE } from '../fresh.ts';
import type { Subscription } from '../kinds.ts';
import type { Release } from '../release.ts';

export type Resolution =
  | { readonly kind: 'install'; readonly csv: string }
  | { readonly kind: 'latest' }
  | { readonly kind: 'unsatisfiable'; readonly message: string };

/** @param installed the CSV that the Subscription has installed, if any. */
export function resolve(release: Release, subscription: Subscription, installed: string | undefined): Resolution {
  const { name: wanted, source, sourceNamespace, startingCSV } = subscription.spec;
  const { name, namespace } = subscription.metadata;
  const none = (what: string): Resolution => ({
    kind: 'unsatisfiable',
    message: `constraints not satisfiable: no operators found ${what} referenced by subscription ${name}, subscription ${name} exists`,
  });
  if (source !== CATALOG || sourceNamespace !== CATALOG_NAMESPACE) {
    return none(`from catalog ${source} in namespace ${sourceNamespace || namespace}`);
  }
  const offered = release.packages.find((one) => one.name === wanted);
  if (offered === undefined) return none(`in package ${wanted} in the catalog`);
  const channel = subscription.spec.channel || offered.defaultChannel;
  const entries = offered.channels[channel];
  if (entries === undefined) return none(`in channel ${channel} of package ${wanted} in the catalog`);
  if (installed !== undefined) {
    const next = entries.find((entry) => release.csvs[entry]?.replaces === installed);
    return next === undefined ? { kind: 'latest' } : { kind: 'install', csv: next };
  }
  if (startingCSV && !entries.includes(startingCSV)) {
    return none(`with name ${startingCSV} in channel ${channel} of package ${wanted} in the catalog`);
  }
  const csv = startingCSV || entries.at(-1);
  return csv === undefined
    ? none(`in channel ${channel} of package ${wanted} in the catalog`)
    : { kind: 'install', csv };
}
