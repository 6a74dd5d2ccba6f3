/** The stand-in for `oc` on a sandbox, with the real kubectl: what it does, and what it refuses. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Sandbox, startSandbox } from '../../sandbox/index.ts';

const OC = join(import.meta.dirname, '..', '..', 'oc', 'oc');

interface Result {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

describe('the stand-in for oc on a sandbox', () => {
  let sandbox: Sandbox;
  let home: string;

  const run = (program: string, args: readonly string[], input = ''): Promise<Result> =>
    new Promise((resolve) => {
      const env = { PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: join(home, 'kubeconfig') };
      const child = execFile(program, args, { env, cwd: home, timeout: 60_000 }, (_, stdout, stderr) =>
        resolve({ exit: child.exitCode ?? -1, out: stdout.trimEnd(), err: stderr.trimEnd() }),
      );
      child.stdin?.end(input);
    });
  const oc = (line: string, input?: string) => run(OC, line.split(' '), input);
  const field = async (resource: string, path: string) =>
    (await run('kubectl', ['get', ...resource.split(' '), '-o', `jsonpath=${path}`])).out;
  const says = async (line: string, expected: string | RegExp, exit = 0): Promise<void> => {
    const { out, err, exit: ended } = await oc(line);
    const told = exit === 0 ? out : err;
    if (typeof expected === 'string') assert.equal(told, expected, `${line}\n${err}`);
    else assert.match(told, expected, `${line}\n${err}`);
    assert.equal(ended, exit, `${line}\n${err}`);
  };

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'lw-oc-'));
    sandbox = await startSandbox({ name: 'oc-test', images: [] });
    await writeFile(join(home, 'ca.crt'), sandbox.certificateAuthority);
  });
  after(async () => {
    await sandbox?.stop();
    await rm(home, { recursive: true, force: true });
  });
  const logIn = (name: string, password: string) =>
    oc(`login -u ${name} -p ${password} --server=${sandbox.server} --certificate-authority=${home}/ca.crt`);

  test('logs in by name and password; a wrong one gets oc’s own message and leaves no login behind', async () => {
    const wrong = await logIn('developer', 'wrong');
    assert.deepEqual(
      [wrong.exit, wrong.out, wrong.err],
      [1, 'Login failed (401 Unauthorized)\nVerify you have provided the correct credentials.', ''],
    );
    const developer = await logIn('developer', sandbox.developer.password);
    assert.match(developer.out, /^Login successful\.\n\nYou don't have any projects\./);
    await says('whoami', 'developer');
    await says('logout', `Logged "developer" out on "${sandbox.server}"`);
    const admin = await logIn('admin', sandbox.password);
    assert.match(admin.out, /^Login successful\.\n\nYou have access to/);
    assert.match((await oc('new-project shop')).out, /^Now using project "shop"/);
  });

  test('exposes a Service with a Route, and anything else with a Service, as kubectl does', async () => {
    await oc('create deployment till --image=registry.example/till');
    await says('expose deployment till --port=8080', 'service/till exposed');
    await says('expose svc/till', 'route.route.openshift.io/till exposed');
    assert.equal(
      await field('route till', '{.spec.to.name} {.spec.port.targetPort} {.metadata.labels.app}'),
      'till 8080 till',
    );
    await says(
      'expose --name=counter service till --hostname=counter.example --path=/pay --port 9090 -l a=b',
      'route.route.openshift.io/counter exposed',
    );
    assert.equal(
      await field('route counter', '{.spec.host}{.spec.path} {.spec.port.targetPort} {.metadata.labels.a}'),
      'counter.example/pay 9090 b',
    );
    await says('-n shop expose svc missing', /you need to provide a route port via --port/, 1);
    await says('expose svc till --type=NodePort', /cannot use --type when exposing route/, 1);
    const all = await oc('get all');
    assert.match(all.out, /^route\.route\.openshift\.io\/till /m);
  });

  test('creates Routes with TLS', async () => {
    await says(
      'create route edge safe --service=till --insecure-policy=Redirect',
      'route.route.openshift.io/safe created',
    );
    assert.equal(
      await field('route safe', '{.spec.tls.termination} {.spec.tls.insecureEdgeTerminationPolicy}'),
      'edge Redirect',
    );
    await says('create route passthrough through --service=till', 'route.route.openshift.io/through created');
    await says('create route reencrypt again --service=svc/till --hostname=again.example', /again created$/);
    await says('create route edge none', /required flag\(s\) "service" not set/, 1);
    await says('create route round x --service=till', /edge \| passthrough \| reencrypt/, 1);
  });

  test('shows and sets how a Route distributes requests', async () => {
    await oc('create service clusterip till-v2 --tcp=80:8080');
    await says('set route-backends till till=80 till-v2=20', 'route.route.openshift.io/till backends updated');
    await says(
      'set route-backends till',
      /^NAME +KIND +TO +WEIGHT\nroutes\/till +Service +till +80 \(80%\)\nroutes\/till +Service +till-v2 +20 \(20%\)$/,
    );
    await oc('set route-backends till --adjust till-v2=+10%');
    assert.equal(await field('route till', '{.spec.to.weight} {.spec.alternateBackends[0].weight}'), '70 30');
    await says('set route-backends till --zero', /backends updated$/);
    await says('set route-backends till till=1 till=2', /may only be specified once/, 1);
  });

  test('grants and revokes roles, cluster roles and SCCs', async () => {
    const { out, err } = await oc('adm policy add-cluster-role-to-user cluster-reader ada');
    assert.equal(out, 'clusterrole.rbac.authorization.k8s.io/cluster-reader added: "ada"');
    assert.match(err, /Warning: User 'ada' not found/);
    await says(
      'policy add-role-to-user view developer',
      'clusterrole.rbac.authorization.k8s.io/view added: "developer"',
    );
    assert.equal(await field('rolebinding view', '{.subjects[*].name}'), 'developer');
    await says('adm policy add-role-to-group edit team', /edit added: "team"$/);
    await says('adm policy add-scc-to-user anyuid -z default', /system:openshift:scc:anyuid added: "default"$/);
    assert.equal(
      await field('clusterrolebinding system:openshift:scc:anyuid', '{.subjects[0].kind} {.subjects[0].namespace}'),
      'ServiceAccount shop',
    );
    await says('adm policy remove-scc-from-user anyuid -z default', /scc:anyuid removed: "default"$/);
    await says('adm policy remove-role-from-user view developer', /view removed: "developer"$/);
    await says(
      'adm policy remove-role-from-user view developer',
      /unable to locate any RoleBinding|unable to find target/,
      1,
    );
    await says('adm policy who-can get pods', /does not have `oc adm policy who-can`/, 1);
  });

  test('extracts Secrets and ConfigMaps, and processes templates', async () => {
    await oc('create secret generic key --from-literal=word=open');
    await says('extract secret/key --to=out', /use --confirm if you want to create target directory/, 1);
    await says('extract secret/key --to=out --confirm', 'out/word');
    assert.equal(await readFile(join(home, 'out', 'word'), 'utf8'), 'open');
    await says('extract secret/key --to=out', /file exists, pass --confirm to overwrite/, 1);
    await says('extract secret/key --to=-', 'open');
    const template = {
      apiVersion: 'template.openshift.io/v1',
      kind: 'Template',
      metadata: { name: 'shelf' },
      parameters: [
        { name: 'NAME', required: true },
        { name: 'CODE', generate: 'expression', from: '[a-f]{6}' },
      ],
      objects: [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: '$'.concat('{NAME}') },
          data: { code: '$'.concat('{CODE}') },
        },
      ],
    };
    await writeFile(join(home, 'template.json'), JSON.stringify(template));
    const { out } = await oc('process -f template.json NAME=top');
    assert.match(out, /"code": "[a-f]{6}"/);
    assert.equal((await oc('create -f -', out)).out, 'configmap/top created');
    await says('process -f template.json', /parameter NAME is required and must be specified/, 1);
    await says('process -f template.json --parameters', /^NAME .*\nNAME\s*\nCODE +expression +\[a-f\]\{6\}$/);
  });

  test('missing commands are refused at once, each with an alternative', async () => {
    for (const [line, way] of [
      ['new-app nginx', /`oc new-app`: `oc create deployment/],
      ['debug node/sandbox', /`oc debug node`: there is no shell on a node/],
      ['debug pod/x', /oc rsh/],
      ['adm must-gather', /`oc adm must-gather`/],
      ['adm top nodes', /Metrics API not available/],
      ['-n shop start-build x', /`oc start-build`/],
      ['set volume deployment/till --add', /`oc set volume`/],
      ['create imagestream x', /`oc create imagestream`/],
      ['rollout latest dc/x', /`oc rollout latest`/],
      ['adm frobnicate', /`oc adm frobnicate`/],
      ['frobnicate', /unknown command "frobnicate" for "oc"/],
      ['expose svc till --frob', /unknown flag: --frob\nThis oc stands in for the real one/],
    ] as const)
      await says(line, way, 1);
  });

  test('kubectl’s commands go to kubectl, also with options before the verb; help says what this is', async () => {
    await says('-n shop get deployment till -o name', 'deployment.apps/till');
    await says('set image deployment/till till=registry.example/till:2', 'deployment.apps/till image updated');
    await says('adm cordon sandbox-none', /nodes "sandbox-none" not found/, 1);
    assert.match((await oc('help')).out, /^This is Labwright’s stand-in for the OpenShift client/);
    assert.match((await oc('version')).out, /with Labwright's stand-in for oc/);
  });
});
