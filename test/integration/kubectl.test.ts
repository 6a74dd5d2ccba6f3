import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { deployment, startServer } from '../../sandbox/api/testing.ts';
import { KUBECTLS } from '../support/kubectls.ts';

const home = mkdtempSync(path.join(tmpdir(), 'kubectl-'));
// Old kubectls warn if the file is missing.
const kubeconfig = path.join(home, 'config');
writeFileSync(kubeconfig, '');
after(() => rmSync(home, { recursive: true, force: true }));

function run(program: string, url: string, args: string[], input = ''): Promise<string> {
  return new Promise((resolve) => {
    const env = { ...process.env, HOME: home, KUBECONFIG: kubeconfig };
    const child = execFile(program, [`--server=${url}`, ...args], { env, timeout: 20_000 }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
    child.stdin?.end(input);
  });
}

const manifest = (replicas: number, extra = {}) => {
  const object = deployment('web');
  return JSON.stringify({ ...object, spec: { ...Object(object['spec']), replicas, ...extra } });
};

for (const { name, program } of KUBECTLS) {
  const server = await startServer();
  after(() => server.api.stop());
  describe(name, () => {
    const kubectl = (args: string[], input = '') => run(program, server.api.url, args, input);

    test('kubectl applies, gets, scales and deletes', async () => {
      assert.equal(await kubectl(['apply', '-f', '-'], manifest(2)), 'deployment.apps/web created\n');
      assert.equal(await kubectl(['apply', '-f', '-'], manifest(2)), 'deployment.apps/web unchanged\n');
      assert.equal(await kubectl(['apply', '-f', '-'], manifest(3)), 'deployment.apps/web configured\n');
      const [header, row] = (await kubectl(['get', 'deploy', '-o', 'wide'])).split('\n');
      assert.match(header ?? '', /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR/);
      assert.match(row ?? '', /^web +0\/3 +0 +0 +\d+s +main +example +app=web/);
      assert.match(await kubectl(['scale', 'deploy/web', '--replicas=1']), /scaled/);
      assert.equal(await kubectl(['get', 'deploy', 'web', '-o', 'jsonpath={.spec.replicas}']), '1');
      assert.match(await kubectl(['delete', 'deploy', 'web']), /deployment\.apps "web" deleted/);
    });

    test('kubectl refuses a misspelt field', async () => {
      assert.match(
        await kubectl(['create', '-f', '-'], manifest(1, { replica: 2 })),
        /unknown field "(spec\.)?replica"/,
      );
    });

    test("kubectl's own generators work, whatever encoding they send", async () => {
      assert.match(await kubectl(['create', 'configmap', 'made', '--from-literal=key=value']), /created/);
      assert.equal(await kubectl(['get', 'cm', 'made', '-o', 'jsonpath={.data.key}']), 'value');
      assert.match(await kubectl(['create', 'deployment', 'none', '--image=example', '--replicas=0']), /created/);
      assert.equal(await kubectl(['get', 'deploy', 'none', '-o', 'jsonpath={.spec.replicas}']), '0');
      assert.match(await kubectl(['create', 'ingress', 'front', '--rule=a.test/*=web:80']), /created/);
      const backend = 'jsonpath={.spec.rules[0].http.paths[0].backend.service.name}';
      assert.equal(await kubectl(['get', 'ingress', 'front', '-o', backend]), 'web');
    });

    test('kubectl explains fields and lists resources', async () => {
      assert.match(await kubectl(['explain', 'deployment.spec.replicas']), /Number of desired pods/);
      assert.match(
        await kubectl(['api-resources', '--api-group=apps']),
        /deployments +deploy +apps\/v1 +true +Deployment/,
      );
    });
  });
}
