/** What is asked for admission, and a webhook as its configuration describes it. */
import type { RestRequest } from '../rest/request.ts';
import type { ApiObject } from '../types.ts';

export interface Admitted {
  readonly request: RestRequest;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly object: ApiObject | undefined;
  readonly old: ApiObject | undefined;
  readonly dryRun: boolean;
}

export type Webhook = Record<string, unknown>;
