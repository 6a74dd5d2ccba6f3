/** `oc login|new-project|project|projects|whoami|status`. Exit code 1 and one line on stderr when something is wrong. */
import { parseArgs } from 'node:util';
import { OcError } from './error.ts';
import { login } from './login.ts';
import { newProject, project, projects, status, whoami } from './projects.ts';

const [command = '', ...rest] = process.argv.slice(2);

try {
  console.log(await play(command, rest));
} catch (error) {
  if (!(error instanceof OcError) && !(error instanceof TypeError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}

function play(name: string, args: readonly string[]): Promise<string> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      token: { type: 'string' },
      server: { type: 'string' },
      'certificate-authority': { type: 'string' },
      'insecure-skip-tls-verify': { type: 'boolean' },
      'show-server': { type: 'boolean' },
      'show-token': { type: 'boolean', short: 't' },
      'show-context': { type: 'boolean', short: 'c' },
      'display-name': { type: 'string' },
      description: { type: 'string' },
      short: { type: 'boolean', short: 'q' },
    },
  });
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
    default:
      return status();
  }
}
