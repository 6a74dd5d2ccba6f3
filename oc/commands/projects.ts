/** `oc new-project`, `project`, `projects`, `whoami` and `status`, through kubectl, which has the credentials. */

import { parseJson, recordsAt, textAt } from '../../model/fields.ts';
import { type Command, flag, parse, text } from '../command.ts';
import { OcError } from '../error.ts';
import {
  currentContext,
  currentServer,
  type Kubeconfig,
  readKubeconfig,
  useNamespace,
  writeKubeconfig,
} from '../kubeconfig.ts';
import { getObject, kubectl } from '../kubectl.ts';

const PROJECTS = '/apis/project.openshift.io/v1/projects';
const REQUESTS = '/apis/project.openshift.io/v1/projectrequests';

export const projectCommands: readonly Command[] = [
  {
    words: 'new-project',
    about: 'creates a project and makes it the current one',
    run: async (words) => {
      const { values, positionals } = parse('new-project', words, {
        'display-name': text,
        description: text,
        'skip-config-write': flag,
      });
      const { 'display-name': displayName, description, 'skip-config-write': stay = false } = values;
      return newProject(positionals[0], { displayName, description, stay });
    },
  },
  {
    words: 'project',
    about: 'shows or changes the current project',
    run: async (words) => {
      const { values, positionals } = parse('project', words, { short: { ...flag, short: 'q' } });
      return project(positionals[0], values.short === true);
    },
  },
  {
    words: 'projects',
    about: 'lists the projects',
    run: async (words) => {
      const { values } = parse('projects', words, { short: { ...flag, short: 'q' } });
      return values.short === true ? (await projectNames()).join('\n') : projects();
    },
  },
  {
    words: 'whoami',
    about: 'shows who is logged in, and where',
    run: async (words) => {
      const { values } = parse('whoami', words, {
        'show-server': flag,
        'show-console': flag,
        'show-token': { ...flag, short: 't' },
        'show-context': { ...flag, short: 'c' },
      });
      return whoami({
        server: values['show-server'] === true,
        console: values['show-console'] === true,
        token: values['show-token'] === true,
        context: values['show-context'] === true,
      });
    },
  },
  {
    words: 'status',
    about: 'shows an overview of the current project',
    run: async (words) => status(parse('status', words, { suggest: flag }).namespace),
  },
];

/** `oc new-project` */
async function newProject(
  name: string | undefined,
  about: { displayName: string | undefined; description: string | undefined; stay: boolean },
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
  if (about.stay) return `Project "${name}" is there. To use it: oc project ${name}`;
  const server = await switchTo(name);
  return `Now using project "${name}" on server "${server}".

You can add applications to this project with the 'new-app' command. For example, try:

    oc new-app rails-postgresql-example

to build a new example application in Ruby. Or use kubectl to deploy a simple Kubernetes application:

    kubectl create deployment hello-node --image=k8s.gcr.io/serve_hostname
`;
}

/** `oc project [name]` */
async function project(name: string | undefined, short: boolean): Promise<string> {
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
async function projects(): Promise<string> {
  const config = await readKubeconfig();
  const current = currentContext(config)?.namespace ?? 'default';
  const names = await projectNames();
  return `You have access to the following projects and can switch between them with ' project <projectname>':\n\n${list(names, current)}\n\nUsing project "${current}" on server "${serverOf(config)}".`;
}

async function projectNames(): Promise<string[]> {
  const projects = recordsAt(parseJson(await kubectl(['get', '--raw', PROJECTS])), 'items');
  return projects.flatMap((project) => textAt(project, 'metadata', 'name') ?? []).sort();
}

function list(names: readonly string[], current: string | undefined): string {
  return names.map((name) => `${name === current ? '  * ' : '    '}${name}`).join('\n');
}

/** `oc whoami [-t|-c|--show-server|--show-console]` */
async function whoami(show: { server: boolean; console: boolean; token: boolean; context: boolean }): Promise<string> {
  const config = await readKubeconfig();
  if (show.server) return serverOf(config);
  if (show.console) return consoleUrl();
  if (show.context) return config['current-context'];
  if (show.token) {
    const user = currentContext(config)?.user;
    const token = config.users.find(({ name }) => name === user)?.user.token;
    if (token === undefined) throw new OcError('no token is currently in use for this session');
    return token;
  }
  return whoAmI();
}

/** @returns the name of the current user. @throws {OcError} */
export async function whoAmI(): Promise<string> {
  const user: unknown = JSON.parse(await kubectl(['get', '--raw', '/apis/user.openshift.io/v1/users/~']));
  return textAt(user, 'metadata', 'name') ?? '';
}

async function consoleUrl(): Promise<string> {
  const published = await getObject(['configmap', 'console-public', '--namespace=openshift-config-managed']);
  const url = textAt(published, 'data', 'consoleURL');
  if (url === undefined) throw new OcError('unable to determine console location from the cluster');
  return url;
}

/** `oc status` shows the project's Services and the workloads behind them. */
async function status(wanted: string | undefined): Promise<string> {
  const config = await readKubeconfig();
  const namespace = wanted ?? currentContext(config)?.namespace ?? 'default';
  const listed = await kubectl(['get', 'services,deployments,pods', '-n', namespace]);
  return `In project ${namespace} on server ${serverOf(config)}\n\n${listed.trim() === '' ? 'You have no services, deployment configs, or build configs.' : listed}`;
}

/** Above this number, projects are counted instead of listed. */
const LISTED = 50;

/** The message of `oc login` about the user's projects. */
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
