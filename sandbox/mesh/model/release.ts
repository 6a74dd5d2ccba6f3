/** Which Istio a mesh runs: Service Mesh 2.0 is Istio 1.6, 3.0 is 1.24. Default behaviour differs between versions. */

/** The minor version of Istio 1 by release of Service Mesh (release notes; module versions of the downstream branches). */
const ISTIO: Readonly<Record<string, number>> = {
  '1.1': 4,
  '2.0': 6,
  '2.1': 9,
  '2.2': 12,
  '2.3': 14,
  '2.4': 16,
  '2.5': 18,
  '2.6': 20,
  '3.0': 24,
  '3.1': 26,
  '3.2': 27,
  '3.3': 28,
  '3.4': 30,
};

const NEWEST = 30;

/** What depends on the version of Istio. */
export interface IstioRelease {
  /** 6 for Istio 1.6. */
  readonly minor: number;
  /** Whether 503 is retried if a rule has no conditions (until 1.23: a request may then be executed twice). */
  readonly retries503: boolean;
  /** Default load balancing: round robin until 1.13, then least requests. */
  readonly balancing: 'ROUND_ROBIN' | 'LEAST_REQUEST';
  /** Whether VirtualServices can delegate to others (1.8). */
  readonly delegates: boolean;
  /** Whether clients follow PeerAuthentications of single workloads (1.12; istio/istio#34118). */
  readonly workloadMtls: boolean;
  /** Whether a DestinationRule can select the clients to which it applies (1.14; istio/istio#37174). */
  readonly clientSelectors: boolean;
  /** Whether DestinationRules for one host are merged only if they are exported alike (1.24; istio/istio#52636). */
  readonly mergesByExport: boolean;
  /** Whether a Service of type ExternalName is another name of its target, rather than a server of its own (1.21). */
  readonly externalAliases: boolean;
}

/** @param version of Service Mesh (`2.0.7.1`, `v2.6`, `3.0`) or of Istio (`v1.24.6`); the newest if unknown. */
export function istioRelease(version: string): IstioRelease {
  const [, major = '', minorText = ''] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  const known = ISTIO[`${major}.${minorText}`];
  const minor = known ?? (major === '1' ? Number(minorText) : NEWEST);
  return {
    minor,
    retries503: minor < 24,
    balancing: minor < 14 ? 'ROUND_ROBIN' : 'LEAST_REQUEST',
    delegates: minor >= 8,
    workloadMtls: minor >= 12,
    clientSelectors: minor >= 14,
    mergesByExport: minor >= 24,
    externalAliases: minor >= 21,
  };
}
