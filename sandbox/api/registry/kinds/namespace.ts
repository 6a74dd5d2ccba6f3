import { isRecord, text } from '../../../../model/fields.ts';
import { ensure } from '../../json.ts';
import { labelNameProblems } from '../../validation/names.ts';
import { builtinKind } from '../builtin.ts';

export const NAMESPACE = builtinKind('', 'v1', 'Namespace', {
  short: ['ns'],
  cluster: true,
  sub: ['status', 'finalize'],
  fields: {
    supported: ['spec.finalizers'],
    unsupported: {},
    keys: [
      { at: 'metadata.labels', domains: ['pod-security.kubernetes.io/'], supported: [] },
      { at: 'metadata.annotations', domains: ['scheduler.alpha.kubernetes.io/'], supported: [] },
    ],
  },
  strategy: {
    nameProblems: labelNameProblems,
    prepareCreate: (object) => {
      ensure(object, 'spec')['finalizers'] = ['kubernetes'];
      object['status'] = { phase: 'Active' };
    },
    prepareUpdate: (object, old) => {
      if (isRecord(old['spec'])) object['spec'] = old['spec'];
    },
    // Since Kubernetes 1.21 every namespace has its name as a label.
    defaults: (object) => {
      const metadata = ensure(object, 'metadata');
      const name = text(metadata['name']);
      if (name !== '') ensure(metadata, 'labels')['kubernetes.io/metadata.name'] = name;
    },
  },
});
