/** The commands and their options. Each command's module is loaded when the command is called. */
import { Command, Option } from 'commander';
import { version } from './lab.ts';
import { controlPlane, folder, list, natural, positive } from './options.ts';

/** @returns the command line; it throws `CommanderError` instead of ending the process. */
export function program(): Command {
  const labwright = new Command('labwright')
    .description('Runs a hands-on lab the way a person would and reports whether it still works.')
    .showHelpAfterError('(labwright --help lists commands and options)')
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

function addCertify(labwright: Command): void {
  labwright
    .command('certify')
    .description('play a lab in real browsers and write a certificate')
    .argument('[lab]', 'the lab’s folder, or its name under labs/', 'openshift-service-mesh')
    .option('--section <numbers>', 'only these sections; repeat or separate with commas', list, [])
    .addOption(new Option('--browser <name>', 'only this browser').choices(['firefox', 'chromium']))
    .option('--grep <text>', 'only exercises whose title matches')
    .option('--shard <part>', 'only this part of the run, 1/2 or 2/2: one browser each; for report merge')
    .option('--blob', 'also write the input of report merge')
    .option('--headed', 'show the browser windows')
    .option('--console', 'refuse to run without a web console in which the guide’s clicks are clicked')
    .option('--kubeconfig <file>', 'use this OpenShift cluster instead of sandboxes')
    .option('--context <name>', 'context of the kubeconfig to use')
    .option('--proxy <url>', 'HTTP proxy through which browsers and shells reach the cluster’s Routes')
    .option('--ca <file>', 'additional certificate authorities (PEM) that browsers and shells trust on a real cluster')
    .option('--adopt', 'use projects and operators that exist already, and restore them afterwards')
    .option('--image <from=to>', 'replace an image on a real cluster; repeat or separate with commas', list, [])
    .option('--upstream', 'on a real cluster, clone the guide’s own repositories instead of the lab’s copies')
    .option('--keep', 'keep the sandbox running, or the objects on a real cluster, and say how to remove them')
    .option('--release <name>', 'the release that the sandbox imitates (default: the lab’s first)')
    .addOption(controlPlane())
    .option('--reports <folder>', 'folder for the reports', folder)
    .option('--history <folder>', 'folder of the history (default: history/ in the reports)', folder)
    .action(async (lab: string, options) => {
      const { certify } = await import('./certify.ts');
      process.exitCode = await certify(lab, options);
    });
}

function addMatrix(labwright: Command): void {
  labwright
    .command('matrix')
    .description('play labs on each of their releases; show what passes, what drifts as declared, and what is new')
    .argument('[labs...]', 'the labs’ folders, or their names under labs/ (default: all)')
    .option('--release <names>', 'only these releases; repeat or separate with commas', list, [])
    .addOption(new Option('--browser <name>', 'only this browser').choices(['firefox', 'chromium']))
    .option(
      '--jobs <number>',
      'number of releases to play in parallel (default: depends on memory and cores)',
      positive,
    )
    .option('--reports <folder>', 'folder for the reports', folder)
    .option('--history <folder>', 'folder of the history (default: history/ in the reports)', folder)
    .action(async (labs: string[], options) => {
      const { matrix } = await import('./matrix.ts');
      process.exitCode = await matrix(labs, options);
    });
}

function addMutate(labwright: Command): void {
  labwright
    .command('mutate')
    .description('make mistakes in a lab, one at a time, and report which of them its checks catch')
    .argument('[lab]', 'the lab’s folder, or its name under labs/', 'openshift-service-mesh')
    .option(
      '--section <numbers>',
      'only mistakes that first take effect in these sections; repeat or separate with commas',
      list,
      [],
    )
    .option(
      '--operator <names>',
      'only these kinds or groups of mistakes, such as routing/weights or security',
      list,
      [],
    )
    .option('--sample <number>', 'play only this many, chosen by the seed', natural)
    .option('--seed <number>', 'the seed that chooses the sample', natural, 1)
    .option('--jobs <number>', 'number of plays in parallel (default: one per core)', positive)
    .option('--since <revision>', 'keep earlier results that no change since this git revision affects')
    .option('--list', 'list the mistakes, play nothing')
    .option('--json', 'print the report as JSON')
    .option('--reports <folder>', 'folder for the reports', folder)
    .action(async (lab: string, options) => {
      const { mutate } = await import('./mutate.ts');
      process.exitCode = await mutate(lab, options);
    });
}

function addValidate(labwright: Command): void {
  labwright
    .command('validate')
    .description('check labs, sections and manifests without a cluster')
    .argument('[labs...]', 'the labs’ folders, or their names under labs/ (default: all)')
    .action(async (labs: string[]) => {
      const { validate } = await import('./validate.ts');
      process.exitCode = validate(labs);
    });
}

function addDoctor(labwright: Command): void {
  labwright
    .command('doctor')
    .description('report what this machine or a cluster lacks, with the command that fixes it')
    .option('--kubeconfig <file>', 'check whether this cluster is fit for the lab')
    .option('--context <name>', 'context of the kubeconfig to use')
    .option('--lab <lab>', 'the lab to check the cluster for', 'openshift-service-mesh')
    .option('--proxy <url>', 'HTTP proxy through which browsers and shells reach the cluster’s Routes')
    .option('--adopt', 'allow the lab to use projects and operators that exist already')
    .option('--json', 'print one JSON document')
    .action(async (options) => {
      const { doctor } = await import('./doctor.ts');
      process.exitCode = await doctor(options);
    });
}

function addCleanup(labwright: Command): void {
  labwright
    .command('cleanup')
    .description('remove from a cluster what interrupted runs created, and restore what they changed')
    .option('--kubeconfig <file>', 'the cluster (default: KUBECONFIG, or ~/.kube/config)')
    .option('--context <name>', 'context of the kubeconfig to use')
    .option('--run <id>', 'only this run')
    .option('--reports <folder>', 'folder of the runs’ reports', folder)
    .option('--json', 'print one JSON document')
    .action(async (options) => {
      const { cleanup } = await import('./cleanup.ts');
      process.exitCode = await cleanup(options);
    });
}

function addHistory(labwright: Command): void {
  labwright
    .command('history')
    .description('write reports/index.html again: the lab’s results over time, per release and cluster')
    .argument('[folders...]', 'folders of histories or reports (default: reports/history)')
    .option('--reports <folder>', 'folder for index.html', folder)
    .action(async (folders: string[], options) => {
      const { history } = await import('./history.ts');
      process.exitCode = history(folders, options);
    });
}

function addReport(labwright: Command): void {
  labwright
    .command('report')
    .description('combine reports of several machines')
    .command('merge')
    .description('write one certificate per run and one history from the reports of machines and shards')
    .argument('<folders...>', 'folders that contain reports, at any depth')
    .option('--reports <folder>', 'folder for the merged reports', folder)
    .option('--history <folder>', 'history to add to (default: history/ in the reports)', folder)
    .action(async (folders: string[], options) => {
      const { merge } = await import('./merge.ts');
      process.exitCode = await merge(folders, options);
    });
}

function addSandbox(labwright: Command): void {
  const sandbox = labwright.command('sandbox').description('an embedded cluster to follow a guide by hand');
  const named = (command: Command) => command.option('--name <name>', 'name of the sandbox', 'lab');
  named(sandbox.command('up'))
    .description('start a sandbox; it runs until ctrl-C, or with --detach until `sandbox down`')
    .option('--lab <lab>', 'the lab whose images it can run', 'openshift-service-mesh')
    .option('--at <section>', 'play the lab up to the start of this section')
    .option('--release <name>', 'the release it imitates (default: the lab’s first)')
    .addOption(controlPlane())
    .option('--detach', 'return once it is running')
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
    .description('list the running sandboxes')
    .option('--json', 'print a JSON array')
    .action(async (options) => {
      const { status } = await import('./sandbox/status.ts');
      process.exitCode = await status(options);
    });
}
