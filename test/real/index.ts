/** `npm run test:real`: the lab on all four combinations, then the conformance tests. Ends with `N passed, N failed`. */
import { join } from 'node:path';
import { execa } from 'execa';
import { CONTROL_PLANES } from '../../host/process/control-plane.ts';
import { findApiPrograms, findIstiod } from '../../sandbox/index.ts';
import { record } from '../conformance/api/record.ts';
import { recordMeshMistakes } from '../conformance/mesh/mistakes/record.ts';
import { recordMesh } from '../conformance/mesh/record.ts';
import { recordCases } from '../conformance/mesh/record-cases.ts';
import { recordMistakes } from '../conformance/mistakes/record.ts';
import { CLIENTS, clientsThatDiffer } from './clients.ts';
import { type Combination, playOn } from './combination.ts';
import { writeTable } from './table.ts';

const ROOT = join(import.meta.dirname, '../..');
const CONFORMANCE = ['api/api.test.ts', 'mesh/mesh.test.ts', 'mesh/cases.test.ts', 'mistakes/mistakes.test.ts'].map(
  (file) => join(ROOT, 'test', 'conformance', file),
);
const PAGE_ORDER: readonly Combination['name'][] = ['ours', 'real-mesh', 'real-api', 'real'];

console.log('Plays the lab on four combinations of real and own control plane: about 6 minutes on 2 cores.');
const combinations: Combination[] = [];
for (const name of CONTROL_PLANES) combinations.push(await playOn(name));
const ordered = PAGE_ORDER.flatMap((name) => combinations.filter((one) => one.name === name));
writeTable(ordered, await versions());
console.log('docs/sandbox.md has the table.');
console.log(`${await record()} answers of the real API server recorded for test/conformance.`);
console.log(`${(await recordMesh()) + (await recordCases())} answers of the real mesh recorded.`);
console.log(`${await recordMistakes()} refusals of the real API server recorded.`);
console.log(`${await recordMeshMistakes()} refusals of the real istiod recorded.`);
const unlike = await clientsThatDiffer();
for (const name of unlike) console.log(`${name}: prints something else on the sandbox's own API server`);
const compared = await execa('node', ['--test', ...CONFORMANCE], {
  reject: false,
  stdio: 'inherit',
});

const failed = combinations.filter(({ certified }) => !certified);
for (const { name } of failed) console.log(`not certified: ${name}`);
const isSame = compared.exitCode === 0;
const failures = failed.length + unlike.length + (isSame ? 0 : 1);
console.log(`${combinations.length + CLIENTS.length + 1 - failures} passed, ${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;

async function versions(): Promise<string> {
  const { apiServer = '' } = findApiPrograms();
  const kubernetes = await execa(apiServer, ['--version'], { reject: false, cwd: ROOT });
  const istio = await execa('go', ['version', '-m', findIstiod() ?? ''], { reject: false });
  const module = /\bmod\s+istio\.io\/istio\s+(\S+)/.exec(istio.stdout ?? '')?.[1];
  return `${kubernetes.stdout ?? 'Kubernetes unknown'}, Istio ${module ?? 'unknown'}`;
}
