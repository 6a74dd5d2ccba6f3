import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { portOf } from '../../model/ports.ts';
import { StatusError, startApiServer } from './index.ts';
import { startServer } from './testing.ts';

test('aggregated APIs are discovered, called with what was asked, and shown with their own columns', async () => {
  await using server = await startServer();
  server.api.aggregate({
    group: 'project.openshift.io',
    version: 'v1',
    resources: [
      { name: 'projects', singularName: 'project', namespaced: false, kind: 'Project', verbs: ['get', 'list'] },
    ],
    handle: async ({ verb, name, user }) => {
      if (verb === 'get' && name === 'none')
        throw new StatusError(404, 'NotFound', 'projects.project.openshift.io "none" not found');
      const items = [{ apiVersion: 'project.openshift.io/v1', kind: 'Project', metadata: { name: user.name } }];
      return { body: { apiVersion: 'project.openshift.io/v1', kind: 'ProjectList', metadata: {}, items } };
    },
    tables: {
      projects: {
        columns: [{ name: 'Name', type: 'string', format: 'name' }],
        row: (object) => [object.metadata.name],
      },
    },
  });
  const groups = await server.request('GET', '/apis');
  assert.ok(groups.body.groups.some((one: { name: string }) => one.name === 'project.openshift.io'));
  const path = '/apis/project.openshift.io/v1/projects';
  const { body } = await server.request('GET', path, undefined, {
    accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
  });
  assert.deepEqual([body.kind, body.rows[0].cells], ['Table', ['system:admin']]);
  assert.equal((await server.request('GET', `${path}/none`)).status, 404);
});

test('the external listener speaks TLS and asks for a token', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'api-tls-'));
  const [key, cert] = ['key', 'cert'].map((name) => path.join(directory, name)) as [string, string];
  const asked = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    key,
    '-out',
    cert,
    '-subj',
    '/CN=x',
  ];
  execFileSync('openssl', [...asked, '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: 'ignore' });
  const external = net.createServer();
  await new Promise<void>((resolve) => external.listen(0, '127.0.0.1', resolve));
  const tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  const tokens = new Map([['good', { name: 'admin', groups: ['system:masters'] }]]);
  const api = await startApiServer({
    internal: { host: '127.0.0.1', port: 0 },
    external: [external],
    tls,
    tokens,
    serviceCidr: '172.30.0.0/16',
  });
  const port = portOf(external);
  const get = (token: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}` };
      https
        .get({ host: '127.0.0.1', port, path: '/api/v1/namespaces', ca: tls.cert, headers, agent: false }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        })
        .on('error', reject);
    });
  assert.deepEqual([await get('good'), await get('bad')], [200, 401]);
  tokens.set('late', { name: 'later', groups: [] });
  assert.equal(await get('late'), 403);
  await api.stop();
  rmSync(directory, { recursive: true });
});
