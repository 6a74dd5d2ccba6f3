/** What this control plane has to say of a rule, in the rule's own status; taken back when it no longer holds. */

import type { KubeObject } from '../client/client.ts';
import { Controller } from '../client/controller.ts';
import { type Informer, keyOf } from '../client/informer.ts';
import type { SandboxContext } from '../component.ts';
import { refusal, unsupportedIn } from './kinds/index.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}
interface WithConditions extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

const REASON = 'Unsupported';

/** Writes the status of each of an informer's objects that is refused or asks for what has no effect here. */
export function statusReporter(context: SandboxContext, informer: Informer<KubeObject>): Controller {
  const { kind } = informer.resource;
  const controller = new Controller(
    async (key) => {
      const object: WithConditions | undefined = informer.get(key);
      if (object === undefined) return;
      const conditions = object.status?.conditions ?? [];
      const said = conditions.find(({ reason }) => reason === REASON)?.message;
      const message = messageOn(object);
      if (message === said) return;
      if (message !== undefined) context.log('mesh', `${kind} ${key}: ${message}`);
      const others = conditions.filter(({ reason }) => reason !== REASON);
      const own = message === undefined ? [] : [{ type: 'Reconciled', status: 'False', reason: REASON, message }];
      const all = [...others, ...own];
      const status = { conditions: all.length === 0 ? null : all };
      const { name, namespace } = object.metadata;
      await context.client.patch(informer.resource, name, namespace, { status }, { subresource: 'status' });
    },
    (key, error) => context.log('mesh', `${kind} ${key}: ${String(error)}`),
  );
  informer.onChange(({ type, object }) => {
    if (type !== 'deleted') controller.enqueue(keyOf(object));
  });
  return controller;
}

function messageOn(object: KubeObject): string | undefined {
  const unsupported = unsupportedIn(object);
  return refusal(object) ?? (unsupported.length === 0 ? undefined : unsupported.join('; '));
}
