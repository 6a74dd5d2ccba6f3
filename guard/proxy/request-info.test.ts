import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeResource, requestInfoOf } from './request-info.ts';

const told = (method: string, path: string): string => {
  const info = requestInfoOf(method, path);
  if (info === undefined) return 'nothing';
  const { verb, subresource, harmless, name } = info;
  return `${verb} ${describeResource(info, name)}${subresource === undefined ? '' : ` ${subresource}`}${harmless ? ' harmless' : ''}`;
};

test('method and path determine what a call is about', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['GET /api/v1/namespaces/shop/pods/a', 'read pods "a" in namespace "shop" harmless'],
    ['GET /api/v1/watch/pods', 'read pods harmless'],
    ['POST /api/v1/namespaces', 'create namespaces'],
    ['DELETE /api/v1/namespaces/shop', 'delete namespaces "shop"'],
    ['PUT /api/v1/namespaces/shop/finalize', 'update namespaces "shop" finalize'],
    ['DELETE /apis/apps/v1/namespaces/shop/deployments', 'deletecollection deployments.apps in namespace "shop"'],
    [
      'PATCH /apis/apps/v1/namespaces/shop/deployments/till/scale',
      'patch deployments.apps "till" in namespace "shop" scale',
    ],
    ['POST /api/v1/namespaces/shop/pods/a/exec?command=ls', 'connect pods "a" in namespace "shop" exec'],
    ['GET /api/v1/namespaces/shop/pods/a/exec?command=ls', 'connect pods "a" in namespace "shop" exec'],
    ['GET /api/v1/namespaces/shop/services/a/proxy/x', 'read services "a" in namespace "shop" proxy harmless'],
    ['POST /api/v1/namespaces/shop/services/a/proxy/x', 'connect services "a" in namespace "shop" proxy'],
    ['POST /api/v1/namespaces/shop/configmaps?dryRun=All', 'create configmaps in namespace "shop" harmless'],
    ['POST /api/v1/namespaces/shop/pods/a/exec?dryRun=All', 'connect pods "a" in namespace "shop" exec'],
    [
      'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      'create selfsubjectaccessreviews.authorization.k8s.io harmless',
    ],
  ];
  for (const [call, expected] of cases) {
    const [method = '', path = ''] = call.split(' ');
    assert.equal(told(method, path), expected, call);
  }
});

test('a path that another server could read differently is rejected', () => {
  for (const path of [
    '/api/v1/namespaces/mine/../../theirs/pods/a',
    '/api/v1/namespaces/mine/%2e%2e/pods/a',
    '/api/v1/namespaces/mine%2ftheirs/pods/a',
    '/api/v1//pods/a',
    '/api/v1/namespaces/%zz/pods/a',
    '/logs/a',
    '/',
  ])
    assert.equal(requestInfoOf('DELETE', path), undefined, path);
});
