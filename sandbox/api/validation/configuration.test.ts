/** Mistakes of ConfigMaps, Secrets, volumes and roles, refused with the messages of a real kube-apiserver (1.34). */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../testing.ts';
import { attemptsOn } from './testing.ts';

const server = await startServer();
after(() => server[Symbol.asyncDispose]());
const { told } = attemptsOn(server);

test('keys and types of ConfigMaps and Secrets', async () => {
  assert.match(
    await told('ConfigMap', { data: { 'a b': 'x' } }),
    /^data\[a b\]: Invalid value: "a b": a valid config key must consist/,
  );
  assert.equal(
    await told('ConfigMap', { data: { a: 'x' }, binaryData: { a: 'eA==' } }),
    'data[a]: Invalid value: "a": duplicate of key present in binaryData',
  );
  assert.equal(
    await told('Secret', { type: 'kubernetes.io/tls', data: { 'tls.crt': '' } }),
    'data[tls.key]: Required value',
  );
  assert.equal(
    await told('Secret', { type: 'kubernetes.io/basic-auth' }),
    'data[username]: Required value\ndata[password]: Required value',
  );
  assert.equal(
    await told('Secret', { type: 'kubernetes.io/dockerconfigjson' }),
    'data[.dockerconfigjson]: Required value',
  );
});

test('claims and volumes', async () => {
  assert.equal(
    await told('PersistentVolumeClaim', {
      spec: { accessModes: ['ReadWriteAlways'], resources: { requests: { storage: '0' } } },
    }),
    'spec.accessModes: Unsupported value: "ReadWriteAlways": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"\n' +
      'spec.resources[storage]: Invalid value: "0": must be greater than zero',
  );
  assert.equal(
    await told('PersistentVolume', { spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] } }),
    'spec: Required value: must specify a volume type',
  );
});

test('roles and bindings', async () => {
  assert.equal(
    await told('Role', {
      rules: [
        { resources: ['pods'], apiGroups: [''] },
        { verbs: ['get'], nonResourceURLs: ['/healthz'] },
      ],
    }),
    'rules[0].verbs: Required value: verbs must contain at least one value\n' +
      'rules[1].nonResourceURLs: Invalid value: ["/healthz"]: namespaced rules cannot apply to non-resource URLs',
  );
  assert.equal(
    await told('ClusterRole', { rules: [{ verbs: ['get'], resources: ['pods'] }] }),
    'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
  );
  assert.equal(
    await told('RoleBinding', { roleRef: { kind: 'Group', name: '' }, subjects: [{ kind: 'Robot', name: 'r' }] }),
    'roleRef.kind: Unsupported value: "Group": supported values: "Role", "ClusterRole"\n' +
      'roleRef.name: Required value\n' +
      'subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
  );
});
