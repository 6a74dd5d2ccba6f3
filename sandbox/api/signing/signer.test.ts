/** From a signing request to a login with the certificate. */

import assert from 'node:assert/strict';
import { request as httpsRequest } from 'node:https';
import { createServer, type Server } from 'node:net';
import { after, before, test } from 'node:test';
import { ALGORITHM } from '../../../certificates/issue.ts';
import { createServerCertificate, type ServerCertificate } from '../../../certificates/server.ts';
import * as x509 from '../../../certificates/x509.ts';
import { portOf } from '../../../model/ports.ts';
import { startApiServer } from '../index.ts';
import type { ApiServer } from '../types.ts';

const REQUESTS = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
let api: ApiServer;
let external: Server;
let tls: ServerCertificate;

before(async () => {
  tls = await createServerCertificate();
  external = createServer();
  await new Promise<void>((resolve) => external.listen(0, '127.0.0.1', () => resolve()));
  const internal = { host: '127.0.0.1', port: 0 };
  api = await startApiServer({ internal, external: [external], tls, tokens: new Map(), serviceCidr: '172.30.0.0/16' });
});
after(() => api.stop());

interface Request {
  readonly status?: { readonly certificate?: string; readonly conditions?: readonly { readonly type: string }[] };
}

async function send(method: string, path: string, body: unknown): Promise<Request> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(api.url + path, { method, headers, body: JSON.stringify(body) });
  return (await response.json()) as Request;
}

async function ask(name: string, usages: readonly string[]): Promise<{ request: Request; key: string }> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({
    name: `CN=${name},O=growers`,
    keys,
    signingAlgorithm: ALGORITHM,
  });
  const request = Buffer.from(csr.toString('pem')).toString('base64');
  const spec = { request, signerName: 'kubernetes.io/kube-apiserver-client', usages };
  const made = await send('POST', REQUESTS, { metadata: { name }, spec });
  const conditions = [{ type: 'Approved', status: 'True', reason: 'Test' }];
  await send('PUT', `${REQUESTS}/${name}/approval`, { ...made, status: { conditions } });
  const key = x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  const response = await fetch(`${api.url}${REQUESTS}/${name}`);
  return { request: (await response.json()) as Request, key };
}

/** The user that the server recognizes by a certificate. */
function whoAmI(identity: { cert?: string; key?: string }): Promise<string> {
  const port = portOf(external);
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const headers = { 'content-type': 'application/json' };
  const options = { host: '127.0.0.1', port, path, method: 'POST', headers, ca: tls.authority, agent: false };
  return new Promise((resolve, reject) => {
    const sent = httpsRequest({ ...options, ...identity }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve(body));
    });
    sent.on('error', reject);
    sent.end('{}');
  });
}

test('an approved request has a certificate, with which its owner is the user that it names', async () => {
  const { request, key } = await ask('jane', ['client auth']);
  const cert = Buffer.from(request.status?.certificate ?? '', 'base64').toString();
  const certificate = new x509.X509Certificate(cert);
  assert.equal(certificate.subject, 'CN=jane, O=growers');
  const { usages = [] } = certificate.getExtension(x509.ExtendedKeyUsageExtension) ?? {};
  assert.equal(usages.join(), x509.ExtendedKeyUsage.clientAuth);
  const { status } = JSON.parse(await whoAmI({ cert, key }));
  assert.deepEqual(status.userInfo, { username: 'jane', groups: ['growers', 'system:authenticated'] });
});

test('a certificate of another authority is as good as none', async () => {
  const { cert, key } = await createServerCertificate('another');
  assert.match(await whoAmI({ cert, key }), /system:anonymous/);
  assert.match(await whoAmI({}), /system:anonymous/);
});

test('a request for usages that its signer does not sign fails', async () => {
  const { request } = await ask('wrong', ['server auth']);
  assert.equal(request.status?.certificate, undefined);
  assert.deepEqual(
    request.status?.conditions?.map(({ type }) => type),
    ['Approved', 'Failed'],
  );
});
