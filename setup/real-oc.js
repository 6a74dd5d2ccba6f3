/**
 * Builds the real `oc` from its public source, without cgo. The source is fetched with git, because not every Go module proxy
 * serves a module of this size; its vendor folder has all dependencies, so nothing else is downloaded.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.js';

const REPOSITORY = 'https://github.com/openshift/oc';
/** Of OpenShift 4.22. */
const COMMIT = '6b8e30c5b39aa742147846341a203905e04834f3';
const VERSION = '4.22.0';
const KUBERNETES = '1.35.2';

/** Without cgo: signatures in pure Go, and no Kerberos, which `-tags gssapi` would link. */
const TAGS = 'include_gcs include_oss containers_image_openpgp';

/**
 * @param go path of Go.
 * @param workspace folder for the source.
 * @param made path of the program.
 * @throws {SetupError} if the source can't be fetched or does not build.
 */
export async function buildOc(go, workspace, made) {
  const source = join(workspace, 'oc');
  if (!existsSync(join(source, 'go.mod'))) await fetchSource(source);
  const [major, minor] = KUBERNETES.split('.');
  const version = 'k8s.io/component-base/version';
  const flags = [
    '-s -w',
    `-X ${version}.gitVersion=v${KUBERNETES} -X ${version}.gitMajor=${major} -X ${version}.gitMinor=${minor}`,
    `-X github.com/openshift/oc/pkg/version.versionFromGit=${VERSION}`,
  ].join(' ');
  const part = `${made}.part`;
  await run(go, ['build', '-trimpath', '-buildvcs=false', '-tags', TAGS, '-ldflags', flags, '-o', part, './cmd/oc'], {
    cwd: source,
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=vendor' },
  });
  // Completely or not at all: an interrupted build must not look like a program.
  renameSync(part, made);
}

async function fetchSource(source) {
  const part = `${source}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  const git = (...args) => run('git', ['-C', part, ...args]);
  await git('init', '--quiet');
  await git('fetch', '--quiet', '--depth', '1', REPOSITORY, COMMIT);
  await git('checkout', '--quiet', 'FETCH_HEAD');
  renameSync(part, source);
}
