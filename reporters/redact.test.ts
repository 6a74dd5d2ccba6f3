import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SECRETS } from '../test/report-samples/hostile.ts';
import { plainAll } from './plain.ts';
import { redact } from './redact.ts';

const [sha = '', jwt = '', opaque = '', password = '', key = ''] = SECRETS;

const LEAKS: Readonly<Record<string, string>> = {
  'a token of oauth': `Your API token is ${sha}`,
  'a login command': `oc login --token=${opaque} --server=https://api`,
  'a login command with a space': `oc login --token ${opaque}`,
  'a quoted argument list': `["login","--token","${opaque}"]`,
  'a bearer header': `curl -H "Authorization: Bearer ${opaque}" https://api`,
  'a basic credential': `curl -H "Authorization: Basic ${Buffer.from(`me:${password}`).toString('base64')}"`,
  'a JSON web token': `x=${jwt};`,
  'a kubeconfig': `users:\n- user:\n    token: ${opaque}\n`,
  'a kubeconfig key': `    client-key-data: ${key}${key}`,
  'a JSON member': `{"access_token":"${opaque}"}`,
  'a PEM key': `-----BEGIN RSA PRIVATE ${'KEY-----'}\n${key}\n-----END RSA PRIVATE ${'KEY-----'}`,
  'a cut-off PEM key': `-----BEGIN PRIVATE ${'KEY-----'}\n${key}`,
  'an address with a password': `git clone https://me:${password}@git.test/x`,
};

for (const [name, text] of Object.entries(LEAKS)) {
  test(`the secret is removed from ${name}`, () => {
    const clean = redact(text);
    assert.match(clean, /\[redacted\]/);
    for (const secret of SECRETS) assert.ok(!clean.includes(secret), clean);
    assert.equal(redact(clean), clean, 'a second time changes nothing');
  });
}

test('the guide’s own text is left alone', () => {
  for (const text of [
    'oc login --token=$LAB_TOKEN',
    'Logged into "https://127.0.0.1:4" as "kube:admin" using the token provided.',
    'bearer of news',
    'the basic profile is ready',
    'ready: smcp/basic\nnamespace: istio-system',
    'image: ibmcom/guestbook@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'NAME    READY   STATUS            PROFILES      VERSION   AGE\nbasic   9/9     ComponentsReady   ["default"]   2.0.7.1   3m19s',
    'serviceaccount default: tokens 2, password hidden',
  ]) {
    assert.equal(redact(text), text);
  }
});

test('contents of Secrets, and tokens and keys in base64, are removed', () => {
  assert.deepEqual(plainAll({ kind: 'Secret', data: { a: 'YQ==' } }), { kind: 'Secret', data: '[redacted]' });
  for (const text of [jwt, `-----BEGIN PRIVATE ${'KEY-----'}\n${key}`]) {
    assert.equal(redact(`x: ${Buffer.from(text).toString('base64')}`), 'x: [redacted]');
  }
});

test('objects are searched, and secrets recognized by the name of their key', () => {
  assert.deepEqual(plainAll({ a: [{ token: 'short' }], password: 'x', name: 'basic' }), {
    a: [{ token: '[redacted]' }],
    password: '[redacted]',
    name: 'basic',
  });
});
