import { records } from '../../../../model/fields.ts';
import type { FieldSupport } from '../../../fields/support.ts';
import { defaults } from '../../json.ts';
import { webhookCauses } from '../../validation/webhooks.ts';
import { builtinKind } from '../builtin.ts';
import type { Strategy } from '../kind.ts';

const STRATEGY: Strategy = {
  generation: true,
  needsVersion: true,
  validate: webhookCauses,
  defaults: (object) => {
    const mutating = object['kind'] === 'MutatingWebhookConfiguration';
    for (const webhook of records(object['webhooks'])) {
      defaults(webhook, {
        failurePolicy: 'Fail',
        matchPolicy: 'Equivalent',
        timeoutSeconds: 10,
        namespaceSelector: {},
        objectSelector: {},
      });
      if (mutating) defaults(webhook, { reinvocationPolicy: 'Never' });
      for (const rule of records(webhook['rules'])) defaults(rule, { scope: '*' });
    }
  },
};

const WEBHOOK_FIELDS = [
  'name',
  'clientConfig',
  'rules',
  'failurePolicy',
  'namespaceSelector',
  'objectSelector',
  'timeoutSeconds',
  'admissionReviewVersions',
  'sideEffects',
  'matchConditions',
  'matchPolicy=Exact',
];

const VALIDATING: FieldSupport = {
  supported: WEBHOOK_FIELDS.map((field) => `webhooks[].${field}`),
  unsupported: {},
};

const MUTATING: FieldSupport = {
  ...VALIDATING,
  supported: [...VALIDATING.supported, 'webhooks[].reinvocationPolicy'],
};

export const MUTATING_WEBHOOK_CONFIGURATION = builtinKind(
  'admissionregistration.k8s.io',
  'v1',
  'MutatingWebhookConfiguration',
  { cluster: true, fields: MUTATING, strategy: STRATEGY },
);
export const VALIDATING_WEBHOOK_CONFIGURATION = builtinKind(
  'admissionregistration.k8s.io',
  'v1',
  'ValidatingWebhookConfiguration',
  { cluster: true, fields: VALIDATING, strategy: STRATEGY },
);
