/** Mistakes of Services, Ingresses and NetworkPolicies, refused with the messages of a real kube-apiserver (1.34). */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../testing.ts';
import { attemptsOn, PATHS } from './testing.ts';

const server = await startServer();
after(() => server[Symbol.asyncDispose]());
const { told } = attemptsOn(server);

test('ports, types and addresses of Services', async () => {
  const service = (spec: Record<string, unknown>) => told('Service', { spec });
  assert.equal(await service({}), 'spec.ports: Required value');
  assert.equal(
    await service({ ports: [{ port: 80 }, { port: 80, name: 'b' }] }),
    'spec.ports[0].name: Required value\n' +
      'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
  );
  assert.equal(
    await service({
      ports: [
        { port: 80, name: 'a' },
        { port: 0, name: 'a', targetPort: 'a_b' },
      ],
    }),
    'spec.ports[1].name: Duplicate value: "a"\n' +
      'spec.ports[1].port: Invalid value: 0: must be between 1 and 65535, inclusive\n' +
      'spec.ports[1].targetPort: Invalid value: "a_b": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
  );
  assert.equal(
    await service({ type: 'ClusterIP', ports: [{ port: 80, nodePort: 30080 }] }),
    "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
  );
  assert.equal(
    await service({ type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] }),
    'spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
  );
  assert.equal(await service({ type: 'ExternalName' }), 'spec.externalName: Required value');
  assert.equal(
    await service({ type: 'Balanced', ports: [{ port: 80 }] }),
    'spec.type: Unsupported value: "Balanced": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
  );
});

test('an address is kept once it is assigned', async () => {
  const path = PATHS['Service'] ?? '';
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'stays' }, spec: { ports: [{ port: 80 }] } };
  await server.request('POST', path, service);
  const patch = { spec: { clusterIP: '172.30.9.9', clusterIPs: ['172.30.9.9'] } };
  const { body } = await server.request('PATCH', `${path}/stays`, patch, {
    'content-type': 'application/merge-patch+json',
  });
  assert.match(body.message, /spec\.clusterIPs\[0\]: Invalid value: \["172\.30\.9\.9"\]: may not change once set/);
});

test('Ingresses say how paths match and where they lead', async () => {
  const ingress = (path: Record<string, unknown>) =>
    told('Ingress', { spec: { rules: [{ host: 'a.test', http: { paths: [path] } }] } });
  const backend = { service: { name: 'web', port: { number: 80 } } };
  const at = 'spec.rules[0].http.paths[0]';
  assert.equal(await ingress({ path: '/', backend }), `${at}.pathType: Required value: pathType must be specified`);
  assert.equal(
    await ingress({ path: 'a', pathType: 'Prefix', backend }),
    `${at}.path: Invalid value: "a": must be an absolute path`,
  );
  assert.equal(
    await ingress({ path: '/', pathType: 'Any', backend: {} }),
    `${at}.pathType: Unsupported value: "Any": supported values: "Exact", "ImplementationSpecific", "Prefix"\n` +
      `${at}.backend: Invalid value: "": resource or service backend is required`,
  );
  assert.equal(
    await ingress({ path: '/', pathType: 'Exact', backend: { service: { name: 'web' } } }),
    `${at}.backend: Required value: port name or number is required`,
  );
  assert.equal(
    await told('Ingress', { spec: {} }),
    'spec: Invalid value: null: either `defaultBackend` or `rules` must be specified',
  );
});

test('NetworkPolicies', async () => {
  const policy = (spec: Record<string, unknown>) => told('NetworkPolicy', { spec: { podSelector: {}, ...spec } });
  assert.equal(
    await policy({ ingress: [{ from: [{}], ports: [{ port: 99999 }, { port: 'web', endPort: 90 }] }] }),
    'spec.ingress[0].ports[0].port: Invalid value: 99999: must be between 1 and 65535, inclusive\n' +
      'spec.ingress[0].ports[1].endPort: Invalid value: 90: may not be specified when `port` is non-numeric\n' +
      'spec.ingress[0].from[0]: Required value: must specify a peer',
  );
  assert.equal(
    await policy({ egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] }, podSelector: {} }] }] }),
    'spec.egress[0].to[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`\n' +
      'spec.egress[0].to[0]: Forbidden: may not specify both ipBlock and another peer',
  );
  assert.equal(
    await policy({ policyTypes: ['Inbound'] }),
    'spec.policyTypes[0]: Unsupported value: "Inbound": supported values: "Ingress", "Egress"',
  );
});
