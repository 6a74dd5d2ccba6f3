import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { MERGE, PODS, pod, startServer } from '../testing.ts';

const server = await startServer();
after(() => server.api.stop());

interface Event {
  type: string;
  object: {
    kind: string;
    metadata: { name: string; resourceVersion: string };
    rows: { cells: unknown[] }[];
    columnDefinitions: unknown[];
  };
}

async function* events(query: string, headers: Record<string, string> = {}): AsyncGenerator<Event> {
  const response = await fetch(`${server.api.url}${PODS}?watch=true&${query}`, { headers });
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as Event;
  }
}

async function take(source: AsyncGenerator<Event>, count: number): Promise<Event[]> {
  const taken: Event[] = [];
  for await (const event of source) {
    taken.push(event);
    if (taken.length === count) break;
  }
  return taken;
}

test('a watch from a version reports later changes, and objects that leave the selection as deleted', async () => {
  const { body } = await server.request('GET', PODS);
  const from = body.metadata.resourceVersion;
  await server.request('POST', PODS, pod('seen'));
  await server.request('PATCH', `${PODS}/seen`, { metadata: { labels: { app: 'other' } } }, MERGE);
  await server.request('DELETE', `${PODS}/seen`);
  const all = await take(events(`resourceVersion=${from}`), 3);
  assert.deepEqual(
    all.map((one) => one.type),
    ['ADDED', 'MODIFIED', 'DELETED'],
  );
  const selected = await take(events(`resourceVersion=${from}&labelSelector=app%3Dseen`), 2);
  assert.deepEqual(
    selected.map((one) => one.type),
    ['ADDED', 'DELETED'],
  );
});

test('a watch without a version starts with the existing objects, and a streamed list ends with a bookmark', async () => {
  await server.request('POST', PODS, pod('there'));
  const [first] = await take(events('fieldSelector=metadata.name%3Dthere'), 1);
  assert.equal(first?.object.metadata.name, 'there');
  const streamed = await take(
    events('sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'),
    2,
  );
  assert.deepEqual(
    streamed.map((one) => one.type),
    ['ADDED', 'BOOKMARK'],
  );
});

test('a watch for Tables gives rows, columns with the first only', async () => {
  await server.request('POST', PODS, pod('row'));
  await server.request('POST', PODS, pod('row2'));
  const accept = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
  const [first, second] = await take(events('', accept), 2);
  assert.equal(first?.object.kind, 'Table');
  assert.ok((first?.object.columnDefinitions.length ?? 0) > 4);
  assert.deepEqual(second?.object.columnDefinitions, []);
  assert.equal(second?.object.rows[0]?.cells[2], 'Pending');
});

test('a metadata-only watch sends only metadata', async () => {
  await server.request('POST', PODS, pod('partial'));
  const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
  const [event] = await take(events('fieldSelector=metadata.name%3Dpartial', { accept }), 1);
  assert.deepEqual(Object.keys(event?.object ?? {}).sort(), ['apiVersion', 'kind', 'metadata']);
  assert.equal(event?.object.kind, 'PartialObjectMetadata');
});
