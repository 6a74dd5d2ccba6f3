import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { redactDeep, redactor } from './redact.ts';

describe('everything that leaves the host', () => {
  const redact = redactor(['IPPLfmxSfehKnZepKFH8nmAuXv6qCWZ_8mP3HC6oFlo']);

  test('contains neither the run’s token nor anything that looks like one', () => {
    const hostile = [
      'oc login --token=IPPLfmxSfehKnZepKFH8nmAuXv6qCWZ_8mP3HC6oFlo',
      'oc login --token sha256~abcdefghijklmnopqrstuvwxyz0123456789-_ABCDE',
      'Authorization: Bearer abc.def-123456789',
      'eyJhbGciOiJSUzI1NiIs.eyJpc3MiOiJrdWJlcm5ldGVz.c2lnbmF0dXJl',
      '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----',
    ];
    for (const text of hostile) {
      assert.match(redact(text), /redacted/);
      assert.doesNotMatch(redact(text), /IPPL|sha256~abc|abc\.def|c2lnb|MIIE/);
    }
  });

  test('does not contain the token in base64 either, whatever surrounds it', () => {
    for (const text of ['', 'a', 'ab', 'admin:'].map(
      (before) => `${before}IPPLfmxSfehKnZepKFH8nmAuXv6qCWZ_8mP3HC6oFlo\n`,
    ))
      assert.equal(redact(`a: ${Buffer.from(text).toString('base64')} b`), 'a: [redacted] b');
  });

  test('keeps text that is not secret', () => {
    const text = 'NAME  READY\nredis-master-577bc6fbb-zh5v8  2/2\nroute 525eca1d5089dbdc';
    assert.equal(redact(text), text);
  });

  test('is redacted everywhere in a document', () => {
    const document = { list: [{ text: 'Bearer abcdefghijkl' }], count: 3 };
    assert.deepEqual(redactDeep(document, redact), { list: [{ text: 'Bearer [redacted]' }], count: 3 });
  });
});
