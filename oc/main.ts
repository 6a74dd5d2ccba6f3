/** `oc login|new-project|project|projects|whoami|status|version`. Exit code 1 and a line on stderr when something is wrong. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { OcError } from './error.ts';
import { login } from './login.ts';
import { newProject, project, projects, status, whoami } from './projects.ts';
import { version } from './version.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

const options = {
  token: text,
  server: { ...text, short: 's' },
  'certificate-authority': text,
  'insecure-skip-tls-verify': flag,
  'show-server': flag,
  'show-token': { ...flag, short: 't' },
  'show-context': { ...flag, short: 'c' },
  'display-name': text,
  description: text,
  short: { ...flag, short: 'q' },
  namespace: { ...text, short: 'n' },
} satisfies ParseArgsOptionsConfig;

const [command = '', ...rest] = process.argv.slice(2);

try {
  console.log(await play(command, rest));
} catch (error) {
  if (!(error instanceof OcError)) throw error;
  console.error(/^error/i.test(error.message) ? error.message : `error: ${error.message}`);
  process.exitCode = 1;
}

function play(name: string, args: readonly string[]): Promise<string> {
  const { values, positionals } = parse(name, args);
  const [first] = positionals;
  switch (name) {
    case 'login':
      return login({
        server: values.server ?? first,
        token: values.token,
        certificateAuthority: values['certificate-authority'],
        insecure: values['insecure-skip-tls-verify'] === true,
      });
    case 'new-project':
      return newProject(first, { displayName: values['display-name'], description: values.description });
    case 'project':
      return project(first, values.short === true);
    case 'projects':
      return projects();
    case 'whoami':
      return whoami({
        server: values['show-server'] === true,
        token: values['show-token'] === true,
        context: values['show-context'] === true,
      });
    case 'version':
      return version();
    default:
      return status(values.namespace);
  }
}

function parse(name: string, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    const unknown = /Unknown option '([^' ]+)'?/.exec(error instanceof Error ? error.message : '')?.[1];
    const what =
      unknown === undefined ? String(error instanceof Error ? error.message : error) : `unknown flag: ${unknown}`;
    throw new OcError(
      `${what}\nThis oc stands in for the real one and knows of \`oc ${name}\`: --${Object.keys(options).join(', --')}`,
    );
  }
}
