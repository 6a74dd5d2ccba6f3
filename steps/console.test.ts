/** Steps that the guide clicks in the web console: what is asked of a browser, and how the outcome is judged. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ApiObject, ClusterApi, ServedKind } from '../kube/types.ts';
import type { Step } from '../model/lab.ts';
import type { ClusterContext } from './context.ts';
import { StepFailure } from './failure.ts';
import { consoleTasksOf, judgeClicks } from './index.ts';
import { LabError, loadLab } from './load.ts';

const directory = mkdtempSync(join(tmpdir(), 'labwright-console-'));
after(() => rmSync(directory, { recursive: true }));
writeFileSync(join(directory, 'lab.yaml'), 'title: Console\n');

const INSTALL = '- { operator: search, channel: stable, console: true, within: 1s }';
const CREATE = `- apply: { apiVersion: shop.test/v1, kind: Shop, metadata: { name: corner, namespace: town }, spec: { size: 3 } }
  console: form`;

function stepOf(yaml: string): Step {
  const lines = yaml.split('\n').map((line) => `      ${line}`);
  writeFileSync(
    join(directory, '01-one.yaml'),
    `title: One\nexercises:\n  - title: E\n    steps:\n${lines.join('\n')}\n`,
  );
  const step = loadLab(directory).sections[0]?.exercises[0]?.steps[0];
  assert.ok(step);
  return step;
}

const PACKAGE: ApiObject = {
  apiVersion: 'packages.operators.coreos.com/v1',
  kind: 'PackageManifest',
  metadata: { name: 'search', namespace: 'openshift-marketplace' },
  status: {
    catalogSource: 'redhat-operators',
    defaultChannel: 'stable',
    channels: [
      { name: 'old', currentCSVDesc: { displayName: 'Search (old)' } },
      { name: 'stable', currentCSVDesc: { displayName: 'Search of the town' } },
    ],
  },
};
const CSV: ApiObject = {
  apiVersion: 'operators.coreos.com/v1alpha1',
  kind: 'ClusterServiceVersion',
  metadata: { name: 'shops.v1', namespace: 'town' },
  spec: {
    displayName: 'Shops',
    customresourcedefinitions: { owned: [{ name: 'shops.shop.test', kind: 'Shop', displayName: 'A Shop' }] },
  },
  status: { phase: 'Succeeded' },
};
const object = (kind: string, apiVersion: string, name: string, more: Partial<ApiObject>): ApiObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'town' },
  ...more,
});

/** A cluster that holds these objects and changes nothing. */
function clusterOf(objects: readonly ApiObject[]): ClusterContext {
  const served = (apiVersion: string, kind: string): ServedKind => ({
    apiVersion,
    kind,
    plural: `${kind.toLowerCase()}s`,
    namespaced: true,
  });
  const ofKind = ({ kind }: ServedKind) => objects.filter((one) => one.kind === kind);
  const named = (filter: string | undefined) => filter?.replace('metadata.name=', '');
  const api: Pick<ClusterApi, 'resolveObject' | 'get' | 'list' | 'follow'> = {
    resolveObject: async (apiVersion, kind) => served(apiVersion, kind),
    get: async (kind, name) => ofKind(kind).find(({ metadata }) => metadata.name === name),
    list: async (kind) => ({ items: ofKind(kind), resourceVersion: '1' }),
    follow: async (kind, { fieldSelector }, onChange, signal) => {
      const name = named(fieldSelector);
      const found = ofKind(kind).filter(({ metadata }) => name === undefined || metadata.name === name);
      onChange(found.map((one) => ({ type: 'put', object: one })));
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  };
  return {
    api: { ...Object.create(null), ...api },
    terminal: { ...Object.create(null), namespace: async () => 'town' },
    figures: {},
    callImage: '',
    signal: new AbortController().signal,
    observe: () => undefined,
  };
}

const failureOf = (work: Promise<void>) =>
  work.then(
    () => undefined,
    (error: unknown) => {
      assert.ok(error instanceof StepFailure, String(error));
      return error.failure;
    },
  );

test('an operator is searched for by the name that OperatorHub shows', async () => {
  assert.deepEqual(await consoleTasksOf(stepOf(INSTALL), clusterOf([PACKAGE])), {
    tasks: [
      {
        do: 'install operator',
        package: 'search',
        title: 'Search of the town',
        source: 'redhat-operators',
        sourceNamespace: 'openshift-marketplace',
        channel: 'stable',
        namespace: 'openshift-operators',
      },
    ],
  });
});

test('an object is created on the page of the operator that offers its kind, under the names that the console shows', async () => {
  const asked = await consoleTasksOf(stepOf(CREATE), clusterOf([CSV]));
  assert.ok('tasks' in asked);
  const [task] = asked.tasks;
  assert.ok(task?.do === 'create instance');
  assert.deepEqual(
    [task.by, task.operator, task.tab, task.project, task.name],
    ['form', 'Shops', 'A Shop', 'town', 'corner'],
  );
});

test('objects are imported together, each with its namespace, whatever kind they are', async () => {
  const map = '{ apiVersion: v1, kind: ConfigMap, metadata: { name: map } }';
  const shop = '{ apiVersion: shop.test/v1, kind: Shop, metadata: { name: corner, namespace: city } }';
  assert.deepEqual(await consoleTasksOf(stepOf(`- apply: [${map}, ${shop}]\n  console: import`), clusterOf([])), {
    tasks: [
      {
        do: 'import yaml',
        objects: [
          { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'map', namespace: 'town' } },
          { apiVersion: 'shop.test/v1', kind: 'Shop', metadata: { name: 'corner', namespace: 'city' } },
        ],
      },
    ],
  });
});

test('what can’t be clicked is said, not tried: what exists already, a kind of no operator', async () => {
  const shop = object('Shop', 'shop.test/v1', 'corner', {});
  const subscription = object('Subscription', 'operators.coreos.com/v1alpha1', 'search', {});
  const why = async (step: string, objects: readonly ApiObject[]) => {
    const asked = await consoleTasksOf(stepOf(step), clusterOf(objects));
    return 'why' in asked ? asked.why : undefined;
  };
  assert.match((await why(CREATE, [CSV, shop])) ?? '', /^Shop corner exists already/);
  assert.match((await why(CREATE, [])) ?? '', /no installed operator offers to create a Shop/);
  assert.match((await why(INSTALL, [PACKAGE, subscription])) ?? '', /^Subscription search exists already/);
});

test('clicks that came to other values than the lab lists fail, with the field', async () => {
  const made = (size: number) => clusterOf([object('Shop', 'shop.test/v1', 'corner', { spec: { size, open: true } })]);
  assert.equal(await failureOf(judgeClicks(stepOf(CREATE), made(3))), undefined);
  const failure = await failureOf(judgeClicks(stepOf(CREATE), made(4)));
  assert.equal(failure?.code, 'LW-CONSOLE-OUTCOME');
  assert.match(failure.message, /^the console created Shop corner otherwise than the lab says: spec\.size is 4, not 3/);
});

test('a subscription to another channel fails although its operator runs', async () => {
  const spec = { name: 'search', channel: 'old', source: 'redhat-operators', sourceNamespace: 'openshift-marketplace' };
  const subscription = object('Subscription', 'operators.coreos.com/v1alpha1', 'search', {
    spec,
    status: { installedCSV: CSV.metadata.name },
  });
  const failure = await failureOf(judgeClicks(stepOf(INSTALL), clusterOf([subscription, CSV])));
  assert.deepEqual([failure?.code, failure?.actual], ['LW-CONSOLE-OUTCOME', 'spec.channel: "old"']);
  const right = { ...subscription, spec: { ...spec, channel: 'stable' } };
  assert.equal(await failureOf(judgeClicks(stepOf(INSTALL), clusterOf([right, CSV]))), undefined);
});

test('startingCsv can’t be clicked, and other words than form and yaml are refused', () => {
  const problem = (yaml: string) => {
    try {
      stepOf(yaml);
    } catch (error) {
      assert.ok(error instanceof LabError);
      return error.problems.map(({ code, at, expected }) => `${at.line} ${code} ${expected ?? ''}`).join('\n');
    }
    return '';
  };
  assert.match(
    problem('- operator: search\n  channel: stable\n  console: true\n  startingCsv: search.v1'),
    /^8 LW-OPERATOR-CONSOLE either console or startingCsv$/,
  );
  assert.match(problem(CREATE.replace('form', 'from')), /^6 LW-SCHEMA .*form/);
});
