/** `run`: a command of the guide, verbatim, in the lab's terminal. */

import { type CommandStep, playCommand, readCommand } from './command.ts';
import type { Access } from './verb.ts';
import { defineVerb } from './verb.ts';

export interface RunStep extends CommandStep {
  readonly verb: 'run';
}

export const run = defineVerb<RunStep>({
  name: 'run',
  nature: 'acts',
  read: (raw, path, reading) => readCommand('run', raw.run, raw, path, reading),
  variables: { command: 'shell' },
  // It is played once, so a deadline would mean nothing.
  drifted: (step) => step,
  access: projectRequests,
  onCluster: playCommand,
});

const NEW_PROJECT = /\boc new-project (?:--\S+ )*[a-z0-9]/;

function projectRequests({ command }: RunStep): Access[] {
  if (!NEW_PROJECT.test(command)) return [];
  return [{ verb: 'create', group: 'project.openshift.io', resource: 'projectrequests' }];
}
