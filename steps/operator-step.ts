/** The step of the verb `operator`. */
import type { Step } from '../model/lab.ts';

export interface OperatorStep extends Step {
  readonly verb: 'operator';
  readonly package: string;
  readonly channel: string;
  readonly source: string;
  readonly sourceNamespace: string;
  readonly namespace: string;
  readonly startingCsv?: string;
  readonly within: number;
}

/** The API version of Subscription and ClusterServiceVersion. */
export const OLM = 'operators.coreos.com/v1alpha1';
