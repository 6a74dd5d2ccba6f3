/** Objects in general: creating, reading, changing and deleting them, and mistakes in each. */
import type { Scenario } from '../call.ts';

const MAPS = '/api/v1/namespaces/{ns}/configmaps';
const map = (name: string, data: Record<string, string> = { a: '1' }) => ({ metadata: { name }, data });
const MERGE = { 'content-type': 'application/merge-patch+json' };
const JSON_PATCH = { 'content-type': 'application/json-patch+json' };
const STRATEGIC = { 'content-type': 'application/strategic-merge-patch+json' };
const APPLY = { 'content-type': 'application/apply-patch+yaml' };
const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
const METADATA = { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' };

export const objects: readonly Scenario[] = [
  {
    name: 'crud',
    calls: [
      { what: 'create', method: 'POST', path: MAPS, body: map('one') },
      { what: 'create it again', method: 'POST', path: MAPS, body: map('one') },
      { what: 'create with a made-up name', method: 'POST', path: MAPS, body: { metadata: { generateName: 'made-' } } },
      { what: 'create without a name', method: 'POST', path: MAPS, body: { metadata: {} } },
      { what: 'create with a wrong name', method: 'POST', path: MAPS, body: map('Wrong_Name') },
      {
        what: 'create with wrong labels',
        method: 'POST',
        path: MAPS,
        body: { metadata: { name: 'l', labels: { 'a b': 'c d' } } },
      },
      {
        what: 'create another kind',
        method: 'POST',
        path: MAPS,
        body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } },
      },
      {
        what: 'create in another namespace than the path says',
        method: 'POST',
        path: MAPS,
        body: { metadata: { name: 'x', namespace: 'other' } },
      },
      { what: 'create from malformed JSON', method: 'POST', path: MAPS, body: '{"metadata": {' },
      { what: 'create from nothing', method: 'POST', path: MAPS, body: '' },
      {
        what: 'create with another content type',
        method: 'POST',
        path: MAPS,
        body: 'x',
        headers: { 'content-type': 'text/plain' },
      },
      { what: 'get', method: 'GET', path: `${MAPS}/one` },
      { what: 'get what is not there', method: 'GET', path: `${MAPS}/none` },
      { what: 'get a kind that is not there', method: 'GET', path: '/api/v1/namespaces/{ns}/nothings' },
      { what: 'get a group that is not there', method: 'GET', path: '/apis/nothing.example/v1/things' },
      { what: 'post to a name', method: 'POST', path: `${MAPS}/one`, body: map('one') },
      { what: 'replace', method: 'PUT', path: `${MAPS}/one`, body: map('one', { a: '2' }) },
      {
        what: 'replace an old state',
        method: 'PUT',
        path: `${MAPS}/one`,
        body: { metadata: { name: 'one', resourceVersion: '1' } },
      },
      { what: 'replace what is not there', method: 'PUT', path: `${MAPS}/none`, body: map('none') },
      { what: 'replace under another name', method: 'PUT', path: `${MAPS}/one`, body: map('two') },
      {
        what: 'merge patch',
        method: 'PATCH',
        path: `${MAPS}/one`,
        body: { data: { b: '3', a: null } },
        headers: MERGE,
      },
      {
        what: 'JSON patch',
        method: 'PATCH',
        path: `${MAPS}/one`,
        body: [{ op: 'add', path: '/data/c', value: '4' }],
        headers: JSON_PATCH,
      },
      {
        what: 'JSON patch whose test fails',
        method: 'PATCH',
        path: `${MAPS}/one`,
        body: [{ op: 'test', path: '/data/c', value: '5' }],
        headers: JSON_PATCH,
      },
      {
        what: 'JSON patch of a path that is not there',
        method: 'PATCH',
        path: `${MAPS}/one`,
        body: [{ op: 'remove', path: '/data/z' }],
        headers: JSON_PATCH,
      },
      {
        what: 'strategic patch',
        method: 'PATCH',
        path: `${MAPS}/one`,
        body: { metadata: { labels: { x: 'y' } } },
        headers: STRATEGIC,
      },
      { what: 'patch with another content type', method: 'PATCH', path: `${MAPS}/one`, body: { data: {} } },
      { what: 'patch what is not there', method: 'PATCH', path: `${MAPS}/none`, body: { data: {} }, headers: MERGE },
      {
        what: 'patch with an old version',
        method: 'PATCH',
        path: `${MAPS}/one`,
        body: { metadata: { resourceVersion: '1' } },
        headers: MERGE,
      },
      { what: 'as a table', method: 'GET', path: `${MAPS}/one`, headers: TABLE },
      { what: 'its metadata alone', method: 'GET', path: `${MAPS}/one`, headers: METADATA },
      { what: 'dry run', method: 'POST', path: `${MAPS}?dryRun=All`, body: map('dry') },
      { what: 'a dry run left nothing', method: 'GET', path: `${MAPS}/dry` },
      { what: 'another dry run than All', method: 'POST', path: `${MAPS}?dryRun=Some`, body: map('dry') },
      {
        what: 'delete another object of that name',
        method: 'DELETE',
        path: `${MAPS}/one`,
        body: { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: 'other' } },
      },
      { what: 'delete', method: 'DELETE', path: `${MAPS}/one` },
      { what: 'delete what is not there', method: 'DELETE', path: `${MAPS}/one` },
    ],
  },
  {
    name: 'finalizers',
    calls: [
      {
        what: 'create with a finalizer',
        method: 'POST',
        path: MAPS,
        body: { metadata: { name: 'kept', finalizers: ['example.com/wait'] } },
      },
      { what: 'delete it', method: 'DELETE', path: `${MAPS}/kept` },
      {
        what: 'a finalizer more while it is deleted',
        method: 'PATCH',
        path: `${MAPS}/kept`,
        body: { metadata: { finalizers: ['example.com/wait', 'example.com/more'] } },
        headers: MERGE,
      },
      {
        what: 'the last finalizer goes',
        method: 'PATCH',
        path: `${MAPS}/kept`,
        body: { metadata: { finalizers: null } },
        headers: MERGE,
      },
      { what: 'and so does the object', method: 'GET', path: `${MAPS}/kept` },
      {
        what: 'a finalizer without a domain',
        method: 'POST',
        path: MAPS,
        body: { metadata: { name: 'x', finalizers: ['wait'] } },
      },
      {
        what: 'an owner without a uid',
        method: 'POST',
        path: MAPS,
        body: { metadata: { name: 'x', ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'y' }] } },
      },
    ],
  },
  {
    name: 'lists',
    calls: [
      { what: 'an empty list', method: 'GET', path: '/api/v1/namespaces/{ns}/secrets' },
      { what: 'make a', method: 'POST', path: MAPS, body: { metadata: { name: 'a', labels: { tier: 'one' } } } },
      { what: 'make b', method: 'POST', path: MAPS, body: { metadata: { name: 'b', labels: { tier: 'two' } } } },
      { what: 'by label', method: 'GET', path: `${MAPS}?labelSelector=tier%3Done` },
      { what: 'by labels in a set', method: 'GET', path: `${MAPS}?labelSelector=tier%20notin%20(one),tier` },
      { what: 'by a wrong label selector', method: 'GET', path: `${MAPS}?labelSelector=%3D%3D` },
      { what: 'by name', method: 'GET', path: `${MAPS}?fieldSelector=metadata.name%3Db` },
      { what: 'by a field that can not be selected', method: 'GET', path: `${MAPS}?fieldSelector=data.x%3Db` },
      { what: 'with a wrong limit', method: 'GET', path: `${MAPS}?limit=many` },
      { what: 'with a wrong version', method: 'GET', path: `${MAPS}?resourceVersion=old` },
      { what: 'with a wrong continue token', method: 'GET', path: `${MAPS}?limit=1&continue=nonsense` },
      { what: 'the exact version without a version', method: 'GET', path: `${MAPS}?resourceVersionMatch=Exact` },
      { what: 'delete by label', method: 'DELETE', path: `${MAPS}?labelSelector=tier%3Done` },
    ],
  },
  {
    name: 'apply',
    calls: [
      {
        what: 'apply',
        method: 'PATCH',
        path: `${MAPS}/own?fieldManager=one`,
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' }, data: { a: '1', b: '2' } },
        headers: APPLY,
      },
      {
        what: 'apply as somebody else',
        method: 'PATCH',
        path: `${MAPS}/own?fieldManager=two`,
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' }, data: { a: '9' } },
        headers: APPLY,
      },
      {
        what: 'apply by force',
        method: 'PATCH',
        path: `${MAPS}/own?fieldManager=two&force=true`,
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' }, data: { a: '9' } },
        headers: APPLY,
      },
      {
        what: 'what is no longer applied goes',
        method: 'PATCH',
        path: `${MAPS}/own?fieldManager=one`,
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' }, data: { c: '3' } },
        headers: APPLY,
      },
      {
        what: 'apply without a manager',
        method: 'PATCH',
        path: `${MAPS}/own`,
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' } },
        headers: APPLY,
      },
      {
        what: 'apply without a kind',
        method: 'PATCH',
        path: `${MAPS}/own?fieldManager=one`,
        body: { metadata: { name: 'own' } },
        headers: APPLY,
      },
    ],
  },
];
