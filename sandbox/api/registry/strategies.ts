/** What is peculiar to each built-in kind: defaults, what the server fills in, what it refuses. */
import { admitPod, defaultPodSpec, qosClass } from '../defaults/pods.ts';
import { defaultService, ServiceAllocator } from '../defaults/services.ts';
import * as workloads from '../defaults/workloads.ts';
import { at, defaults, ensure, type Fields, fields, isFields, records, text } from '../json.ts';
import { badRequest } from '../status.ts';
import type { Store } from '../storage/store.ts';
import type { ApiObject } from '../types.ts';
import { cronJobCauses, jobCauses } from '../validation/batch.ts';
import { bindingCauses, crdCauses, dataCauses, serviceCauses } from '../validation/core.ts';
import { podSpecCauses, podUpdateCauses } from '../validation/pods.ts';
import { deploymentCauses, workloadCauses } from '../validation/workloads.ts';
import type { Strategy } from './kind.ts';

function dropStatus(object: ApiObject): void {
  object['status'] = {};
}

function workload(defaultsOf: (object: Fields) => void, validate: Strategy['validate']): Strategy {
  return {
    defaults: defaultsOf,
    prepareCreate: dropStatus,
    generation: true,
    ...(validate === undefined ? {} : { validate }),
  };
}

const POD: Strategy = {
  defaults: (object) => defaultPodSpec(ensure(object, 'spec')),
  prepareCreate: (object) => {
    const spec = ensure(object, 'spec');
    admitPod(spec);
    object['status'] = { phase: 'Pending', qosClass: qosClass(spec) };
  },
  validate: (object, old) => (old === undefined ? podSpecCauses(object['spec'], 'spec') : podUpdateCauses(object, old)),
};

const NAMESPACE: Strategy = {
  prepareCreate: (object) => {
    ensure(object, 'spec')['finalizers'] = ['kubernetes'];
    object['status'] = { phase: 'Active' };
  },
  prepareUpdate: (object, old) => {
    if (isFields(old['spec'])) object['spec'] = old['spec'];
  },
  // Since 1.21 every namespace carries its name as a label.
  defaults: (object) => {
    const metadata = ensure(object, 'metadata');
    const name = text(metadata['name']);
    if (name !== '') ensure(metadata, 'labels')['kubernetes.io/metadata.name'] = name;
  },
};

const SECRET: Strategy = {
  defaults: (object) => {
    refuseIllegalBase64(object);
    defaults(object, { type: 'Opaque' });
    const plain = fields(object['stringData']);
    if (Object.keys(plain).length > 0) {
      const data = ensure(object, 'data');
      for (const [key, value] of Object.entries(plain)) data[key] = Buffer.from(text(value)).toString('base64');
    }
    delete object['stringData'];
  },
  validate: dataCauses,
};

/** Data is bytes: what can't be decoded is no Secret at all. @throws {StatusError} BadRequest. */
function refuseIllegalBase64(object: Fields): void {
  for (const value of Object.values(fields(object['data'])).map(text)) {
    const legal = /^[A-Za-z0-9+/\r\n]*={0,2}/.exec(value)?.[0] ?? '';
    const at =
      legal.length < value.length ? legal.length : value.replace(/[\r\n]/g, '').length % 4 === 0 ? -1 : value.length;
    if (at < 0) continue;
    throw badRequest(`Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte ${at}`);
  }
}

const BINDING: Strategy = {
  defaults: (object) => {
    const role = object['roleRef'];
    if (isFields(role)) defaults(role, { apiGroup: 'rbac.authorization.k8s.io' });
    for (const subject of records(object['subjects'])) {
      if (subject['kind'] !== 'ServiceAccount') defaults(subject, { apiGroup: 'rbac.authorization.k8s.io' });
    }
  },
  validate: bindingCauses,
};

const WEBHOOKS: Strategy = {
  generation: true,
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

const NETWORK_POLICY: Strategy = {
  generation: true,
  defaults: (object) => {
    const spec = ensure(object, 'spec');
    ensure(spec, 'podSelector');
    defaults(spec, { policyTypes: spec['egress'] === undefined ? ['Ingress'] : ['Ingress', 'Egress'] });
    const rules = [...records(spec['ingress']), ...records(spec['egress'])];
    for (const rule of rules) for (const port of records(rule['ports'])) defaults(port, { protocol: 'TCP' });
  },
};

const ENDPOINTS: Strategy = {
  defaults: (object) => {
    for (const subset of records(object['subsets']))
      for (const port of records(subset['ports'])) defaults(port, { protocol: 'TCP' });
  },
};

const CRD: Strategy = {
  generation: true,
  defaults: (object) => {
    const spec = ensure(object, 'spec');
    const names = ensure(spec, 'names');
    const kind = text(names['kind']);
    defaults(names, { singular: kind.toLowerCase(), listKind: `${kind}List` });
    defaults(spec, { conversion: { strategy: 'None' } });
  },
  prepareCreate: dropStatus,
  validate: crdCauses,
};

const API_SERVICE: Strategy = {
  prepareCreate: (object) => {
    const available = {
      type: 'Available',
      status: 'True',
      reason: 'Local',
      message: 'Local APIServices are always available',
      lastTransitionTime: object.metadata.creationTimestamp,
    };
    object['status'] = at(object, 'spec', 'service') === undefined ? { conditions: [available] } : {};
  },
};

const CONFIG_MAP: Strategy = { validate: dataCauses };

const KINDS: Readonly<Record<string, Strategy>> = {
  Pod: POD,
  Namespace: NAMESPACE,
  Secret: SECRET,
  ConfigMap: CONFIG_MAP,
  Deployment: workload(workloads.defaultDeployment, deploymentCauses),
  ReplicaSet: workload(workloads.defaultReplicaSet, workloadCauses),
  StatefulSet: workload(workloads.defaultStatefulSet, workloadCauses),
  DaemonSet: workload(workloads.defaultDaemonSet, workloadCauses),
  Job: { ...workload(workloads.defaultJob, jobCauses), prepareCreate: workloads.prepareJob },
  CronJob: workload(workloads.defaultCronJob, cronJobCauses),
  RoleBinding: BINDING,
  ClusterRoleBinding: BINDING,
  MutatingWebhookConfiguration: WEBHOOKS,
  ValidatingWebhookConfiguration: WEBHOOKS,
  NetworkPolicy: NETWORK_POLICY,
  Ingress: { generation: true },
  PodDisruptionBudget: { generation: true },
  Endpoints: ENDPOINTS,
  CustomResourceDefinition: CRD,
  APIService: API_SERVICE,
  PersistentVolumeClaim: { prepareCreate: (object) => Object.assign(object, { status: { phase: 'Pending' } }) },
  PersistentVolume: { prepareCreate: (object) => Object.assign(object, { status: { phase: 'Pending' } }) },
};

/** Strategies by kind; Services' knows what is taken in `store`. */
export function strategyOf(store: Store, serviceCidr: string): (kind: string) => Strategy {
  const allocator = new ServiceAllocator(store, serviceCidr);
  const service: Strategy = {
    defaults: defaultService,
    prepareCreate: (object) => {
      object['status'] = { loadBalancer: {} };
      if (serviceCauses(object, undefined).length === 0) allocator.allocate(object, undefined);
    },
    prepareUpdate: (object, old) => {
      if (serviceCauses(object, old).length === 0) allocator.allocate(object, old);
    },
    validate: serviceCauses,
  };
  return (kind) => (kind === 'Service' ? service : (KINDS[kind] ?? {}));
}
