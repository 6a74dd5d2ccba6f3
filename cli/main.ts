/** The commands and their options. Each command's own module is loaded when it is called. */
import { resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { CONTROL_PLANES } from '../host/process/control-plane.ts';
import { describeInternalFault, INTERNAL_FAULT, INTERNAL_NEXT } from '../model/internal-fault.ts';
import { CliError, EXIT } from './failure.ts';
import { version } from './lab.ts';
import { endWithParent } from './parent.ts';

const list = (value: string, before: readonly string[]): string[] => [
  ...before,
  ...value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
];

function positive(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError('a number from 1 to 99');
  return Number(text);
}

function natural(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a whole number from 1 on');
  return Number(text);
}

function program(): Command {
  const labwright = new Command('labwright')
    .description('Runs a hands-on lab the way a person would and says whether it still works.')
    .showHelpAfterError('(labwright --help shows what there is)')
    .version(version(), '-V, --version', 'print the version')
    .exitOverride();
  addCertify(labwright);
  addMatrix(labwright);
  addMutate(labwright);
  addValidate(labwright);
  addDoctor(labwright);
  addHistory(labwright);
  addReport(labwright);
  addCleanup(labwright);
  addSandbox(labwright);
  return labwright;
}

function controlPlane(): Option {
  const explained = 'what the sandbox runs on: our own API server and mesh control plane, or the real ones';
  return new Option('--control-plane <which>', explained).choices(CONTROL_PLANES);
}

function addCertify(labwright: Command): void {
  labwright
    .command('certify')
    .description('play a lab in real browsers and deliver a certificate')
    .argument('[lab]', 'folder of the lab, or its name under labs/', 'openshift-service-mesh')
    .option('--section <numbers>', 'only these sections; repeat or separate with commas', list, [])
    .addOption(new Option('--browser <name>', 'only this browser').choices(['firefox', 'chromium']))
    .option('--grep <text>', 'only exercises whose title matches')
    .option('--shard <part>', 'only this part of the run, 1/2 or 2/2: one browser each; for report merge')
    .option('--blob', 'also write what report merge reads')
    .option('--headed', 'show the browsers')
    .option('--kubeconfig <file>', 'on this OpenShift cluster instead of sandboxes')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--proxy <url>', 'HTTP proxy by which browsers and shells reach the cluster’s Routes')
    .option('--ca <file>', 'authorities (PEM) that browsers and shells trust besides the machine’s, on a real cluster')
    .option('--adopt', 'use what is on the cluster already, and put it back afterwards')
    .option('--image <from=to>', 'take another image on a real cluster; repeat or separate with commas', list, [])
    .option('--upstream', 'clone the guide’s own repositories on a real cluster, not the lab’s copies')
    .option('--keep', 'leave the sandbox up, or on a real cluster what was made, and say how to end it')
    .option('--release <name>', 'the release that the sandbox imitates (default: the lab’s first)')
    .addOption(controlPlane())
    .option('--reports <folder>', 'where the reports go', (folder: string) => resolve(folder))
    .option('--history <folder>', 'where the history is kept (default: history/ in the reports)', (folder: string) =>
      resolve(folder),
    )
    .action(async (lab: string, options) => {
      const { certify } = await import('./certify.ts');
      process.exitCode = await certify(lab, options);
    });
}

function addMatrix(labwright: Command): void {
  labwright
    .command('matrix')
    .description('play labs on every release they know and show what passes, drifts as declared, or is new')
    .argument('[labs...]', 'folders of labs, or their names under labs/ (default: all of them)')
    .option('--release <names>', 'only these releases; repeat or separate with commas', list, [])
    .addOption(new Option('--browser <name>', 'only this browser').choices(['firefox', 'chromium']))
    .option(
      '--jobs <number>',
      'how many releases to play side by side (default: what the machine has memory and cores for)',
      positive,
    )
    .option('--reports <folder>', 'where the reports go', (folder: string) => resolve(folder))
    .option('--history <folder>', 'where the history is kept (default: history/ in the reports)', (folder: string) =>
      resolve(folder),
    )
    .action(async (labs: string[], options) => {
      const { matrix } = await import('./matrix.ts');
      process.exitCode = await matrix(labs, options);
    });
}

function addMutate(labwright: Command): void {
  labwright
    .command('mutate')
    .description('make mistakes in a lab, one at a time, and say which of them its checks catch')
    .argument('[lab]', 'folder of the lab, or its name under labs/', 'openshift-service-mesh')
    .option(
      '--section <numbers>',
      'only mistakes that begin to matter in these sections; repeat or separate with commas',
      list,
      [],
    )
    .option(
      '--operator <names>',
      'only these kinds of mistakes, or groups of them: routing/weights, security',
      list,
      [],
    )
    .option('--sample <number>', 'only so many, chosen by the seed', natural)
    .option('--seed <number>', 'which ones a sample takes', natural, 1)
    .option('--jobs <number>', 'how many side by side (default: one for each core)', positive)
    .option('--since <revision>', 'keep earlier results of which nothing has changed since this git revision')
    .option('--list', 'only list the mistakes')
    .option('--json', 'print the report as JSON')
    .option('--reports <folder>', 'where the reports go', (folder: string) => resolve(folder))
    .action(async (lab: string, options) => {
      const { mutate } = await import('./mutate.ts');
      process.exitCode = await mutate(lab, options);
    });
}

function addValidate(labwright: Command): void {
  labwright
    .command('validate')
    .description('check labs, sections and manifests without a cluster')
    .argument('[labs...]', 'folders, or names under labs/; all of labs/ when none is named')
    .action(async (labs: string[]) => {
      const { validate } = await import('./validate.ts');
      process.exitCode = await validate(labs);
    });
}

function addDoctor(labwright: Command): void {
  labwright
    .command('doctor')
    .description('say what this machine, and a cluster, lack, and the command that mends it')
    .option('--kubeconfig <file>', 'look at this cluster: is it fit for the lab?')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--lab <lab>', 'the lab it should be fit for', 'openshift-service-mesh')
    .option('--proxy <url>', 'HTTP proxy by which browsers and shells reach the cluster’s Routes')
    .option('--adopt', 'what is on the cluster already may be used')
    .option('--json', 'one JSON document instead of text')
    .action(async (options) => {
      const { doctor } = await import('./doctor.ts');
      process.exitCode = await doctor(options);
    });
}

function addCleanup(labwright: Command): void {
  labwright
    .command('cleanup')
    .description('remove from a cluster what interrupted runs left there, and put back what they changed')
    .option('--kubeconfig <file>', 'the cluster (default: KUBECONFIG, or ~/.kube/config)')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--run <id>', 'only this run')
    .option('--reports <folder>', 'where the reports of the runs are', (folder: string) => resolve(folder))
    .option('--json', 'one JSON document instead of text')
    .action(async (options) => {
      const { cleanup } = await import('./cleanup.ts');
      process.exitCode = await cleanup(options);
    });
}

function addHistory(labwright: Command): void {
  labwright
    .command('history')
    .description('make reports/index.html anew: how the lab fares over time, per release and cluster')
    .argument('[folders...]', 'folders of histories, or of reports; reports/history when none is named')
    .option('--reports <folder>', 'where index.html goes', (folder: string) => resolve(folder))
    .action(async (folders: string[], options) => {
      const { history } = await import('./history.ts');
      process.exitCode = history(folders, options);
    });
}

function addReport(labwright: Command): void {
  labwright
    .command('report')
    .description('put reports of several machines together')
    .command('merge')
    .description('one certificate per run and one history, from the reports that machines and shards left')
    .argument('<folders...>', 'folders of reports, or folders that hold such')
    .option('--reports <folder>', 'where the merged reports go', (folder: string) => resolve(folder))
    .option('--history <folder>', 'history to add to (default: history/ in the reports)', (folder: string) =>
      resolve(folder),
    )
    .action(async (folders: string[], options) => {
      const { merge } = await import('./merge.ts');
      process.exitCode = await merge(folders, options);
    });
}

function addSandbox(labwright: Command): void {
  const sandbox = labwright.command('sandbox').description('an embedded cluster to follow a guide by hand');
  const named = (command: Command) => command.option('--name <name>', 'tells several sandboxes apart', 'lab');
  named(sandbox.command('up'))
    .description('start one; it lives until ctrl-C, or until `sandbox down` with --detach')
    .option('--lab <lab>', 'the lab whose images it knows', 'openshift-service-mesh')
    .option('--at <section>', 'bring it to the start of this section')
    .option('--release <name>', 'the release it imitates (default: the lab’s first)')
    .addOption(controlPlane())
    .option('--detach', 'return when it is up')
    .option('--json', 'print one JSON line')
    .action(async (options) => {
      const { up } = await import('./sandbox/up.ts');
      process.exitCode = await up(options);
    });
  named(sandbox.command('down'))
    .description('stop one')
    .action(async (options) => {
      const { down } = await import('./sandbox/down.ts');
      process.exitCode = await down(options);
    });
  sandbox
    .command('status')
    .description('list those that are up')
    .option('--json', 'print a JSON array')
    .action(async (options) => {
      const { status } = await import('./sandbox/status.ts');
      process.exitCode = await status(options);
    });
}

/** Errors of the sandbox and of the host process carry a code of theirs, and the next command in the message. */
function isKnown(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('LW-');
}

async function main(): Promise<void> {
  endWithParent();
  try {
    await program().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
    } else if (error instanceof CliError) {
      console.error(error.render());
      process.exitCode = error.exitCode;
    } else if (isKnown(error)) {
      console.error(error.message);
      process.exitCode = EXIT.notFit;
    } else {
      // Here the stack helps.
      console.error(error);
      console.error(`${describeInternalFault(error)}\n  Next: ${INTERNAL_NEXT}  (${INTERNAL_FAULT})`);
      process.exitCode = EXIT.internal;
    }
  }
}

await main();
