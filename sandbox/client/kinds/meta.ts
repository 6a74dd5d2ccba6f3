/** The fields that objects of all kinds have. */
import type { LabelSelector, Labels } from '../../labels/selector.ts';
import type { KubeObject } from '../client.ts';

export type { LabelSelector, Labels };

/** An object of which only the metadata is used. */
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
