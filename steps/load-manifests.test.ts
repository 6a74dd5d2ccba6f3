/** The messages for mistakes in the manifests and files that a lab names. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatProblems, validateLab } from './load.ts';
import { lab, section } from './testing.ts';

const REPOSITORY = {
  'lab.yaml':
    "title: x\nimages: ./images.yaml\nrepositories:\n  - { url: 'https://x.test/plans.git', branch: b, directory: ./plans }\n",
  'images.yaml': 'images:\n  - { image: app:v1, command: [app] }\n',
};
const DEPLOYMENT =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec:\n  replicas: 1\n  selector: { matchLabels: { app: a } }\n  template:\n    metadata: { labels: { app: a } }\n    spec:\n      containers: [{ name: a, image: "app:v1" }]\n';

async function validated(manifest: string, command = 'oc apply -f $PWD/plans/a.yaml'): Promise<string[]> {
  const directory = lab({ ...REPOSITORY, 'plans/a.yaml': manifest, '01-one.yaml': section(`- run: ${command}`) });
  return validateLab(directory).map((problem) => formatProblems([problem], { cwd: directory }).split('\n')[0] ?? '');
}

test('a manifest that a command names is checked against its kind, field by field', async () => {
  assert.deepEqual(await validated(DEPLOYMENT), []);
  assert.match(
    (await validated(DEPLOYMENT.replace('  template:', '  tempalte:'))).join('\n'),
    /^plans\/a\.yaml:7:3: unknown field spec\.tempalte \(did you mean `template`\?\)/,
  );
  assert.match(
    (await validated(DEPLOYMENT.replace('image:', 'imge:'))).join('\n'),
    /unknown field spec\.template\.spec\.containers\[0\]\.imge \(did you mean `image`\?\)/,
  );
  assert.match(
    (await validated(DEPLOYMENT.replace('replicas: 1', "replicas: '1'"))).join('\n'),
    /^plans\/a\.yaml:5:13: spec\.replicas is the text "1", expected a number/,
  );
  assert.match(
    (await validated(DEPLOYMENT.replace('Deployment', 'Deploymnt'))).join('\n'),
    /^plans\/a\.yaml:2:7: there is no Deploymnt in apps\/v1.*\(did you mean `Deployment`\?\)/,
  );
  assert.match((await validated(DEPLOYMENT.replace('apps/v1', 'v1'))).join('\n'), /there is no Deployment in v1/);
  assert.match((await validated(DEPLOYMENT.replace('kind: Deployment\n', ''))).join('\n'), /a manifest without `kind`/);
  assert.match(
    (await validated(DEPLOYMENT.replace('app:v1', 'app:v2'))).join('\n'),
    /warning: the sandbox has no program for the image app:v2.*\(did you mean `app:v1`\?\)/,
  );
});

test('custom kinds are checked against their CRD', async () => {
  const roll =
    'apiVersion: maistra.io/v1\nkind: ServiceMeshMemberRoll\nmetadata: { name: default }\nspec: { members: [a] }\n';
  assert.deepEqual(await validated(roll), []);
  assert.match(
    (await validated(roll.replace('members', 'membrs'))).join('\n'),
    /unknown field spec\.membrs \(did you mean `members`\?\)/,
  );
  assert.match(
    (await validated(roll.replace('[a]', 'a'))).join('\n'),
    /spec\.members is the text "a", expected a list/,
  );
  assert.match(
    (await validated(roll.replace('name: default', 'nmae: default'))).join('\n'),
    /without `metadata\.name`/,
  );
  assert.match(
    (await validated('apiVersion: my.org/v1\nkind: Mine\nmetadata: { name: a }\n')).join('\n'),
    /warning: Mine in my\.org\/v1 is unknown/,
  );
});

test('a missing manifest file is reported where it is named', async () => {
  assert.match(
    (await validated(DEPLOYMENT, 'oc apply -f $PWD/plans/b.yaml')).join('\n'),
    /^01-one\.yaml:5:14: the repository has no file \$PWD\/plans\/b\.yaml.*\(did you mean `a\.yaml`\?\)/,
  );
  assert.match((await validated('a: [\n')).join('\n'), /^plans\/a\.yaml:\d+:\d+: not valid YAML/);
});

test('inline manifests are checked at their own position, CEL without a cluster', async () => {
  const directory = lab({
    '01-one.yaml': section(
      '- apply: { apiVersion: v1, kind: ConfigMap, metadata: { name: a }, dta: {} }\n- ready: pod/a\n  until: object.status.phase ==\n- run: x\n  expect: { like: "NAME   READY   AGE\\na   1/1\\n" }',
    ),
  });
  const problems = validateLab(directory);
  assert.deepEqual(
    problems.map(({ code, at }) => [code, at.line]),
    [
      ['LW-MANIFEST-FIELD', 5],
      ['LW-CEL', 7],
      ['LW-LIKE', 9],
    ],
  );
});

test('missing programs of images and folders of repositories are reported, each once', async () => {
  const directory = lab({
    'lab.yaml':
      "title: x\nimages: ./images.yaml\nrepositories:\n  - { url: 'https://x.test/plans.git', branch: b, directory: ./nowhere }\n",
    'images.yaml': 'images:\n  - { image: app:v1, command: [node, ./programs/ap.ts] }\n',
    'programs/app.ts': '',
    '01-one.yaml': section('- run: oc apply -f $PWD/plans/a.yaml'),
  });
  const problems = validateLab(directory);
  assert.deepEqual(
    problems.map(({ code, message, suggestion }) => [code, message, suggestion]),
    [
      ['LW-FILE-MISSING', 'there is no folder ./nowhere', undefined],
      ['LW-FILE-MISSING', 'there is no file ./programs/ap.ts', './programs/app.ts'],
    ],
  );
});
