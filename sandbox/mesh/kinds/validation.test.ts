import assert from 'node:assert/strict';
import test from 'node:test';
import { MESH_KINDS, refusal } from './index.ts';
import { re2Problem } from './re2.ts';

const object = (kind: string, spec: object) => ({
  apiVersion: MESH_KINDS.find(({ resource }) => resource.kind === kind)?.resource.apiVersion ?? '',
  kind,
  metadata: { name: 'a', namespace: 'b' },
  spec,
});
const service = (http: object[], more: object = {}) => object('VirtualService', { hosts: ['shop'], http, ...more });
const to = (host: string, more: object = {}) => ({ destination: { host }, ...more });

/** Istio's own messages; see pkg/config/validation/validation_test.go. */
const REFUSED: readonly (readonly [string, ReturnType<typeof object>])[] = [
  ['total destination weight = 0', service([{ route: [to('a', { weight: 0 }), to('b', { weight: 0 })] }])],
  ['weight -1 < 0', service([{ route: [to('a', { weight: -1 }), to('b', { weight: 100 })] }])],
  ['HTTP route, redirect or direct_response is required', service([{}])],
  ['HTTP route cannot contain both route and redirect', service([{ route: [to('a')], redirect: { uri: '/x' } }])],
  [
    'wildcard host * is not allowed for virtual services bound to the mesh gateway',
    service([{ route: [to('a')] }], { hosts: ['*'] }),
  ],
  [
    'duplicate hosts in virtual service: *.shop.test & www.shop.test',
    service([{ route: [to('a')] }], { hosts: ['*.shop.test', 'www.shop.test'] }),
  ],
  [
    '"uri": error parsing regexp: missing closing ]: `[a`; Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)',
    service([{ match: [{ uri: { regex: '[a' } }], route: [to('a')] }]),
  ],
  [
    '"foo" is not a valid retryOn policy',
    service([{ route: [to('a')], retries: { attempts: 1, retryOn: 'foo,5xx,503' } }]),
  ],
  ['duration must be greater than 1ms', service([{ route: [to('a')], timeout: '10us' }])],
  ['duplicate subset names: v1', object('DestinationRule', { host: 'a', subsets: [{ name: 'v1' }, { name: 'v1' }] })],
  ['traffic policy must have at least one field', object('DestinationRule', { host: 'a', trafficPolicy: {} })],
  ['gateway must have at least one server', object('Gateway', { servers: [] })],
  [
    'server must have TLS settings for HTTPS/TLS protocols',
    object('Gateway', { servers: [{ port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['*'] }] }),
  ],
  [
    'port names in servers must be unique: duplicate name x',
    object('Gateway', {
      servers: [80, 81].map((number) => ({ port: { number, name: 'x', protocol: 'HTTP' }, hosts: ['*'] })),
    }),
  ],
  [
    'mesh/namespace peer authentication cannot have port level mTLS',
    object('PeerAuthentication', { portLevelMtls: { 80: { mode: 'STRICT' } } }),
  ],
  [
    'invalid policy a.b: DENY action without `rules` is meaningless as it will never be triggered, add an empty rule `{}` if you want it be triggered for every request',
    object('AuthorizationPolicy', { action: 'DENY' }),
  ],
  [
    'invalid policy a.b: empty value not allowed, found in Methods',
    object('AuthorizationPolicy', { rules: [{ to: [{ operation: { methods: [''] } }] }] }),
  ],
];

for (const [words, bad] of REFUSED) {
  test(`a ${bad.kind} is refused: ${words}`, () => assert.equal(refusal(bad), `configuration is invalid: ${words}`));
}

test('several problems are listed as Istio lists them', () => {
  assert.equal(
    refusal(service([{}], { hosts: ['*'] })),
    'configuration is invalid: 2 errors occurred:\n' +
      '\t* wildcard host * is not allowed for virtual services bound to the mesh gateway\n' +
      '\t* HTTP route, redirect or direct_response is required\n\n',
  );
});

test('objects that Istio accepts are accepted', () => {
  const everything = {
    match: [{ uri: { regex: '/a/[^/]+/(b|c)' }, headers: { 'user-agent': { regex: '.*Firefox.*' }, here: {} } }],
    route: [to('a', { weight: 35 }), to('b.other.svc.cluster.local', { weight: 60 })],
    timeout: '1.5s',
    retries: { attempts: 3, perTryTimeout: '2s', retryOn: 'gateway-error,connect-failure' },
    fault: { delay: { fixedDelay: '100ms', percentage: { value: 0.1 } } },
    mirror: { host: 'c' },
    headers: { request: { set: { 'x-a': 'b' }, remove: ['x-c'] } },
  };
  assert.equal(refusal(service([everything, { redirect: { uri: '/' } }])), undefined);
  assert.equal(refusal(service([{ route: [to('a')] }], { hosts: ['*'], gateways: ['gw'] })), undefined);
  assert.equal(refusal(object('PeerAuthentication', { mtls: { mode: 'STRICT' } })), undefined);
});

test('regular expressions are validated like RE2', () => {
  for (const good of [
    '.*',
    '^/a\\.b$',
    '(?i)foo',
    '(?P<n>a)',
    '[[:alpha:]]+',
    '\\d{2,3}',
    'a|b',
    '[](]x',
    '\\x41',
    '\\pL',
    '',
  ])
    assert.equal(re2Problem(good), undefined, good);
  for (const bad of ['(a', 'a)', '[a', '*a', 'a**', '(?=a)', '(?<!a)b', '(a)\\1', 'a\\'])
    assert.match(re2Problem(bad) ?? '', /^error parsing regexp: /, bad);
});
