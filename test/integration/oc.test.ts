/** The stand-in for `oc` as users run it: the script itself, with the real kubectl, on a small API server. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { load } from 'js-yaml';
import { selfSigned } from '../../certificates/self-signed.ts';

const OC = join(import.meta.dirname, '..', '..', 'oc', 'oc');
const TOKEN = 'sha256~right';

describe('the stand-in for oc', () => {
  let directory: string;
  let kubeconfig: string;
  let server: Server;
  let address: string;
  let projects: string[];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lw-oc-'));
    const { cert: certificate, key } = await selfSigned('test', { type: 'ip', value: '127.0.0.1' });
    await writeFile(join(directory, 'ca.crt'), certificate);
    server = createServer({ cert: certificate, key }, (request, response) => answer(projects, request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const listening = server.address();
    assert.ok(typeof listening === 'object' && listening !== null);
    address = `https://127.0.0.1:${listening.port}`;
  });
  beforeEach(async () => {
    projects = ['default', 'shop'];
    kubeconfig = join(directory, 'kube', 'config');
    await rm(join(directory, 'kube'), { recursive: true, force: true });
  });
  after(async () => {
    server.close();
    server.closeAllConnections();
    await rm(directory, { recursive: true });
  });

  const oc = (...args: string[]) => run(OC, args, { KUBECONFIG: kubeconfig, HOME: directory });
  const logIn = () =>
    oc('login', `--token=${TOKEN}`, `--server=${address}`, `--certificate-authority=${directory}/ca.crt`);

  test('logs in, lists the projects, and writes a kubeconfig that only its owner can read', async () => {
    const { stdout, exit } = await logIn();
    assert.equal(exit, 0);
    assert.equal(
      stdout,
      `Logged into "${address}" as "ada" using the token provided.\n\nYou have access to the following projects and can switch between them with 'oc project <projectname>':\n\n  * default\n    shop\n\nUsing project "default".\n`,
    );
    assert.equal((await stat(kubeconfig)).mode & 0o777, 0o600);
    const port = new URL(address).port;
    const config = load(await readFile(kubeconfig, 'utf8')) as { 'current-context': string };
    assert.equal(config['current-context'], `default/127-0-0-1:${port}/ada`);
  });

  test('remembers the authority of a known server', async () => {
    await logIn();
    assert.equal((await oc('login', `--token=${TOKEN}`, `--server=${address}`)).exit, 0);
    assert.equal((await oc('whoami')).stdout, 'ada\n');
  });

  test('reports a failed login with oc’s own messages', async () => {
    const stranger = await oc('login', `--token=${TOKEN}`, `--server=${address}`);
    assert.deepEqual([stranger.exit, stranger.stdout], [1, '']);
    assert.match(stranger.stderr, /^error: The server uses a certificate signed by unknown authority\. You may need/);
    await logIn();
    const wrong = await oc('login', '--token=sha256~wrong', `--server=${address}`);
    assert.equal(wrong.stderr, 'error: The token provided is invalid or expired.\n');
    const nobody = await oc('login', `--token=${TOKEN}`, '--server=https://127.0.0.1:1');
    assert.match(nobody.stderr, /^error: .*ECONNREFUSED.* - verify you have provided the correct host and port/);
    assert.equal((await oc('whoami')).stdout, 'ada\n', 'the earlier login still holds');
  });

  test('creates a project and makes it the current one', async () => {
    await logIn();
    const made = await oc('new-project', 'guestbook');
    assert.match(made.stdout, new RegExp(`^Now using project "guestbook" on server "${address}"\\.\n`));
    assert.deepEqual(projects, ['default', 'shop', 'guestbook']);
    assert.equal((await oc('project', '-q')).stdout, 'guestbook\n');
    const namespace = await oc('config', 'view', '--minify', '-o', 'jsonpath={..namespace}');
    assert.equal(namespace.stdout, 'guestbook');
    const again = await oc('new-project', 'guestbook');
    assert.deepEqual([again.exit, again.stdout], [1, '']);
    assert.match(again.stderr, /already exists/);
  });

  test('changes the project, and lists the existing ones if there is none with that name', async () => {
    await logIn();
    assert.equal((await oc('project', 'shop')).stdout, `Now using project "shop" on server "${address}".\n`);
    assert.equal((await oc('project', 'shop')).stdout, `Already on project "shop" on server "${address}".\n`);
    const missing = await oc('project', 'shpo');
    assert.equal(
      missing.stderr,
      `error: A project named "shpo" does not exist on "${address}".\nYour projects are:\n* default\n* shop\n`,
    );
    assert.match((await oc('projects')).stdout, / {2}\* shop\n\nUsing project "shop" on server/);
  });

  test('keeps unknown fields of the kubeconfig', async () => {
    await logIn();
    const config = JSON.stringify({ preferences: { colors: true }, users: [{ name: 'x', user: { username: 'x' } }] });
    await writeFile(kubeconfig, config);
    await logIn();
    const written = load(await readFile(kubeconfig, 'utf8')) as Record<string, unknown>;
    assert.deepEqual(written['preferences'], { colors: true });
    assert.deepEqual(Array.isArray(written['users']) && written['users'][0], { name: 'x', user: { username: 'x' } });
  });

  test('reports a wrong flag or kubeconfig without a stack trace', async () => {
    const flag = await oc('login', '--tokne=x');
    assert.match(flag.stderr, /^error: unknown flag: --tokne\n/);
    await logIn();
    await writeFile(kubeconfig, '{{{');
    const broken = await oc('whoami');
    assert.match(broken.stderr, /^error loading config file ".*": it is not a kubeconfig\n$/);
  });
});

/** Serves users, projects and project requests; everything else is not found. */
function answer(projects: string[], request: IncomingMessage, response: ServerResponse): void {
  const send = (code: number, body: object) =>
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const fail = (code: number, reason: string, message: string) =>
    send(code, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code });
  const project = (name: string) => ({ apiVersion: 'project.openshift.io/v1', kind: 'Project', metadata: { name } });
  const path = request.url ?? '';
  if (request.headers.authorization !== `Bearer ${TOKEN}`) return void fail(401, 'Unauthorized', 'Unauthorized');
  if (path === '/apis/user.openshift.io/v1/users/~') return void send(200, { metadata: { name: 'ada' } });
  if (path === '/apis/project.openshift.io/v1/projects') return void send(200, { items: projects.map(project) });
  if (path.startsWith('/apis/project.openshift.io/v1/projectrequests')) {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      const { metadata } = JSON.parse(body) as { metadata: { name: string } };
      const { name } = metadata;
      if (projects.includes(name)) {
        fail(409, 'AlreadyExists', `project.project.openshift.io "${name}" already exists`);
        return;
      }
      projects.push(name);
      send(201, project(name));
    });
    return;
  }
  const name = path.split('/').at(-1) ?? '';
  if (projects.includes(name)) send(200, project(name));
  else fail(404, 'NotFound', `projects.project.openshift.io "${name}" not found`);
}

interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Result> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { env: { PATH: process.env['PATH'] ?? '', ...env } }, (_, stdout, stderr) =>
      resolve({ stdout, stderr, exit: child.exitCode ?? -1 }),
    );
  });
}
