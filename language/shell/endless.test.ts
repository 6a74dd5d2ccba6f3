import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endlessCommand } from './endless.ts';

test('a tunnel that stays open is endless, behind flags too', () => {
  for (const command of [
    'oc port-forward svc/web 8080:80',
    'kubectl -n shop proxy',
    'oc --context=a port-forward pod/web 80',
  ])
    assert.match(endlessCommand(command) ?? '', /kill %1/, command);
});

test('a container or a file named after the proxy is none', () => {
  for (const command of [
    'oc logs deploy/web -c istio-proxy',
    'oc exec deploy/web -c istio-proxy -- curl -s localhost:15000/stats',
    `oc get pods -o jsonpath='{.items[*].spec.containers[?(@.name=="istio-proxy")].image}' | sort -u`,
    'oc apply -f proxy.yaml',
  ])
    assert.equal(endlessCommand(command), undefined, command);
});
