/**
 * What the sandbox imitates: kinds whose objects are set by constants, stand-ins or the sandbox's own operators. A check that reads
 * them shows that the check works, not that a cluster is fit.
 */
export interface Imitation {
  /** API group; the empty string for the core group. */
  readonly group: string;
  /** Only these resources of the group; all of them if absent. */
  readonly resources?: readonly string[];
  /** One sentence without its full stop. */
  readonly says: string;
}

const OLM = 'The operator lifecycle manager is imitated; its catalog is the sandbox’s own';
const SETTINGS = 'OpenShift’s version, its cluster operators and its settings are constants of the release';

export const IMITATIONS: readonly Imitation[] = [
  { group: 'config.openshift.io', says: SETTINGS },
  { group: 'operator.openshift.io', says: SETTINGS },
  {
    group: '',
    resources: ['nodes'],
    says: 'The nodes, their sizes and their versions are constants: one machine plays all of them',
  },
  { group: 'operators.coreos.com', says: OLM },
  { group: 'packages.operators.coreos.com', says: OLM },
  {
    group: 'maistra.io',
    says: 'The Service Mesh operator is imitated: readiness counts stand-ins for istiod, Prometheus, Grafana, Jaeger and Kiali',
  },
  {
    group: 'sailoperator.io',
    says: 'The Service Mesh operator is imitated: readiness counts stand-ins for its components',
  },
];
