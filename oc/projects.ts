/** Projects, and who one is: through kubectl, which has the credentials. */
import { OcError } from './error.ts';
import {
  currentContext,
  currentServer,
  type Kubeconfig,
  readKubeconfig,
  useNamespace,
  writeKubeconfig,
} from './kubeconfig.ts';
import { kubectl } from './kubectl.ts';

const PROJECTS = '/apis/project.openshift.io/v1/projects';
const REQUESTS = '/apis/project.openshift.io/v1/projectrequests';

interface Project {
  readonly metadata: { readonly name: string };
}

/** `oc new-project` */
export async function newProject(
  name: string | undefined,
  about: { displayName: string | undefined; description: string | undefined },
): Promise<string> {
  if (name === undefined) throw new OcError('must have exactly one argument');
  const request = {
    apiVersion: 'project.openshift.io/v1',
    kind: 'ProjectRequest',
    metadata: { name },
    ...(about.displayName === undefined ? {} : { displayName: about.displayName }),
    ...(about.description === undefined ? {} : { description: about.description }),
  };
  await kubectl(['create', '--raw', REQUESTS, '-f', '-'], JSON.stringify(request));
  const server = await switchTo(name);
  return `Now using project "${name}" on server "${server}".

You can add applications to this project with the 'new-app' command. For example, try:

    oc new-app rails-postgresql-example

to build a new example application in Ruby. Or use kubectl to deploy a simple Kubernetes application:

    kubectl create deployment hello-node --image=k8s.gcr.io/serve_hostname
`;
}

/** `oc project [name]` */
export async function project(name: string | undefined, short: boolean): Promise<string> {
  const config = await readKubeconfig();
  const current = currentContext(config)?.namespace ?? 'default';
  if (name === undefined) return short ? current : `Using project "${current}" on server "${serverOf(config)}".`;
  await kubectl(['get', '--raw', `${PROJECTS}/${name}`]).catch(async (error: Error) => {
    if (!/\((NotFound|Forbidden)\)/.test(error.message)) throw error;
    const known = (await projectNames()).map((project) => `\n* ${project}`).join('');
    throw new OcError(`A project named "${name}" does not exist on "${serverOf(config)}".\nYour projects are:${known}`);
  });
  if (name === current) return `Already on project "${name}" on server "${serverOf(config)}".`;
  return `Now using project "${name}" on server "${await switchTo(name)}".`;
}

/** `oc projects` */
export async function projects(): Promise<string> {
  const config = await readKubeconfig();
  const current = currentContext(config)?.namespace ?? 'default';
  const names = await projectNames();
  return `You have access to the following projects and can switch between them with ' project <projectname>':\n\n${list(names, current)}\n\nUsing project "${current}" on server "${serverOf(config)}".`;
}

async function projectNames(): Promise<string[]> {
  const { items } = JSON.parse(await kubectl(['get', '--raw', PROJECTS])) as { items: Project[] };
  return items.map(({ metadata }) => metadata.name).sort();
}

function list(names: readonly string[], current: string | undefined): string {
  return names.map((name) => `${name === current ? '  * ' : '    '}${name}`).join('\n');
}

/** `oc whoami [-t|-c|--show-server]` */
export async function whoami(show: { server: boolean; token: boolean; context: boolean }): Promise<string> {
  const config = await readKubeconfig();
  if (show.server) return serverOf(config);
  if (show.context) return config['current-context'];
  if (show.token) {
    const user = currentContext(config)?.user;
    const token = config.users.find(({ name }) => name === user)?.user.token;
    if (token === undefined) throw new OcError('no token is currently in use for this session');
    return token;
  }
  const user = JSON.parse(await kubectl(['get', '--raw', '/apis/user.openshift.io/v1/users/~'])) as Project;
  return user.metadata.name;
}

/** `oc status`: the project's services and what stands behind them. */
export async function status(wanted: string | undefined): Promise<string> {
  const config = await readKubeconfig();
  const namespace = wanted ?? currentContext(config)?.namespace ?? 'default';
  const listed = await kubectl(['get', 'services,deployments,pods', '-n', namespace]);
  return `In project ${namespace} on server ${serverOf(config)}\n\n${listed.trim() === '' ? 'You have no services, deployment configs, or build configs.' : listed}`;
}

/** More projects than this are counted, not listed. */
const LISTED = 50;

/** What `oc login` says of the projects there are. */
export function hintForProjects(names: readonly string[], current: string | undefined): string {
  if (names.length === 0)
    return "You don't have any projects. You can try to create a new project, by running\n\n    oc new-project <projectname>\n";
  const using = current === undefined ? '' : `\n\nUsing project "${current}".`;
  if (names.length === 1) return `You have one project on this server: "${names[0]}"${using}`;
  if (names.length > LISTED)
    return `You have access to ${names.length} projects, the list has been suppressed. You can list all projects with 'oc projects'${using}`;
  return `You have access to the following projects and can switch between them with 'oc project <projectname>':\n\n${list(names, current)}${using}`;
}

async function switchTo(namespace: string): Promise<string> {
  const config = await readKubeconfig();
  const context = currentContext(config);
  if (context === undefined) throw new OcError('you are not logged in; use oc login');
  useNamespace(config, context.cluster, context.user, namespace);
  await writeKubeconfig(config);
  return serverOf(config);
}

function serverOf(config: Kubeconfig): string {
  return currentServer(config) ?? 'unknown';
}
