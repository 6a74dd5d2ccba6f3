import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { issueCertificate } from './issue.ts';
import { selfSigned } from './self-signed.ts';
import { createServerCertificate } from './server.ts';

test('a certificate is signed by its issuer, and its key fits', async () => {
  const request = { sinceMs: 60_000, forMs: 3_600_000, extensions: [] };
  const authority = await issueCertificate({ ...request, subject: 'O=authority' });
  const issued = await issueCertificate(
    { ...request, subject: 'CN=workload' },
    { certificate: authority.certificate, key: authority.privateKey },
  );
  const [parent, child] = [new X509Certificate(authority.cert), new X509Certificate(issued.cert)];
  assert.ok(child.checkIssued(parent) && child.verify(parent.publicKey));
  assert.ok(child.checkPrivateKey(createPrivateKey(issued.key)));
  assert.equal(child.verify(child.publicKey), false);
  assert.equal(child.validToDate.getTime() - child.validFromDate.getTime(), 3_660_000);
});

test('a self-signed certificate is valid for its names and no others', async () => {
  const [one, other] = await Promise.all([selfSigned('a', { type: 'dns', value: 'a.test' }), selfSigned('a')]);
  const certificate = new X509Certificate(one.cert);
  assert.ok(certificate.verify(certificate.publicKey));
  assert.equal(certificate.verify(new X509Certificate(other.cert).publicKey), false);
  assert.equal(certificate.checkHost('a.test'), 'a.test');
  assert.equal(certificate.checkHost('b.test'), undefined);
});

test("the API server's certificate is for loopback, the names of pods, and further addresses", async () => {
  const { authority, cert, key } = await createServerCertificate('test', ['10.0.0.1']);
  const [parent, child] = [new X509Certificate(authority), new X509Certificate(cert)];
  assert.ok(parent.ca && child.verify(parent.publicKey) && child.checkPrivateKey(createPrivateKey(key)));
  for (const ip of ['127.0.0.1', '10.0.0.1']) assert.equal(child.checkIP(ip), ip);
  assert.equal(child.checkHost('kubernetes.default.svc'), 'kubernetes.default.svc');
});
