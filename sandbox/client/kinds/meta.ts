/** What objects of all kinds have in common. */
import type { LabelSelector, Labels } from '../../labels/selector.ts';
import type { KubeObject } from '../client.ts';

export type { LabelSelector, Labels };

/** An object whose fields beyond the metadata are of no interest to whoever holds it. */
export interface AnyObject extends KubeObject {
  [field: string]: unknown;
}

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  lastProbeTime?: string | null;
  lastUpdateTime?: string;
}
