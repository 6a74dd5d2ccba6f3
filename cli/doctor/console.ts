/** Whether the web console that `LABWRIGHT_CONSOLE` names can be run. Without one there is nothing to say: it is optional. */
import { findConsoleBuild } from '../../host/console/build.ts';
import { SandboxError } from '../../sandbox/index.ts';
import { type Finding, ok, warning } from './finding.ts';

const ID = 'console';

export function consoleFinding(): Finding[] {
  try {
    const build = findConsoleBuild();
    return build === undefined ? [] : [ok(ID, `the web console is ${build.bridge}, for steps with console:`)];
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    return [warning(ID, error.message, 'steps with console:', 'set LABWRIGHT_CONSOLE to a built console, or unset it')];
  }
}
