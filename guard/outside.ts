/**
 * Objects that a browser creates in the cluster's web console, past the proxy. They are announced before the clicks, as a creation
 * through the proxy is, and found out afterwards: so that they belong to the run, and cleanup removes them even if the run was cut short.
 */
import type { Discovery } from '../kube/discovery.ts';
import type { Rest } from '../kube/rest.ts';
import type { Intent } from './ledger/entry.ts';
import type { Ledger } from './ledger/ledger.ts';
import { getObject } from './ledger/object.ts';
import { gvrOf } from './ledger/ownership.ts';
import type { GroupVersionResource } from './proxy/request-info.ts';
import type { ExpectedObject } from './types.ts';

export interface OutsideOptions {
  readonly rest: Rest;
  readonly discovery: Discovery;
  readonly ledger: Ledger;
}

/**
 * Objects that exist already are left out: whoever created them, the clicks will not.
 * @returns a function that records which of the others exist by then.
 * @throws {ApiError} if the cluster can't be asked.
 */
export async function announceOutside(
  { rest, discovery, ledger }: OutsideOptions,
  expected: readonly ExpectedObject[],
): Promise<() => Promise<void>> {
  const now = () => new Date(rest.serverTime()).toISOString();
  const intents: { readonly intent: Intent; readonly gvr: GroupVersionResource; readonly name: string }[] = [];
  for (const object of expected) {
    const gvr = await resourceOf(discovery, object);
    const { name } = object;
    if (gvr === undefined || (await getObject(rest, gvr, name)) !== undefined) continue;
    const intent: Intent = {
      type: 'intent',
      seq: ledger.nextSequence(),
      at: now(),
      action: 'create',
      gvr,
      name,
      ownership: 'ours',
      sent: { metadata: { name } },
    };
    await ledger.append(intent);
    intents.push({ intent, gvr, name });
  }
  return async () => {
    for (const { intent, gvr, name } of intents) {
      const found = await getObject(rest, gvr, name);
      const made = found === undefined ? {} : { uid: found.metadata.uid, name };
      const learnt = found === undefined ? 'it was not created' : 'it was created in the web console';
      const status = found === undefined ? 404 : 201;
      await ledger.append({ type: 'result', seq: intent.seq, at: now(), status, ...made, learnt });
    }
  };
}

async function resourceOf(
  discovery: Discovery,
  { apiVersion, kind, namespace }: ExpectedObject,
): Promise<GroupVersionResource | undefined> {
  const served = await discovery.resolveObject(apiVersion, kind);
  if (served === undefined) return undefined;
  return gvrOf(served.apiVersion, served.plural, served.namespaced ? namespace : undefined);
}
