/** What `validate` finds in a lab's commands. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { describeProblem } from '../language/problem.ts';
import { validateLab } from './load.ts';

const directory = mkdtempSync(join(tmpdir(), 'labwright-shell-'));
after(() => rmSync(directory, { recursive: true }));
mkdirSync(join(directory, 'shop', 'deploy'), { recursive: true });
const REPOSITORY = 'repositories: [{ url: "https://git.example.com/us/shop", branch: main, directory: ./shop }]\n';
writeFileSync(join(directory, 'lab.yaml'), `title: Shell\n${REPOSITORY}`);
const object = (fields: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n${fields}\n`;
writeFileSync(join(directory, 'shop', 'deploy', 'bad.yaml'), object('dta: {}'));
writeFileSync(join(directory, 'shop', 'deploy', 'good.yaml'), object('data: {}'));

/** @param block commands, the first of them in line 6. @returns `line code what` of each problem. */
async function told(block: string, steps = ''): Promise<string[]> {
  const lines = block.split('\n').map((line) => `          ${line}`);
  writeFileSync(
    join(directory, '01-one.yaml'),
    `title: One\nexercises:\n  - title: First\n    steps:\n      - run: |\n${lines.join('\n')}\n${steps}`,
  );
  const problems = validateLab(directory);
  return problems.map((problem) => `${problem.at.line} ${problem.code} ${describeProblem(problem)}`);
}
const first = async (block: string, steps = '') => (await told(block, steps))[0] ?? 'nothing';

test('a path is resolved through git clone and cd to its file', async () => {
  const clone = 'git clone -b main https://git.example.com/us/shop.git\n';
  assert.match(await first(`${clone}cd shop\noc apply -f deploy/bad.yaml`), /^4 LW-MANIFEST-FIELD unknown field dta/);
  assert.match(await first(`${clone}cd shop/deploy && oc apply -f ../deploy/bad.yaml`), /^4 LW-MANIFEST-FIELD/);
  assert.match(await first(`${clone}D=$(pwd)/shop\ncd /tmp\noc apply -f $D/deploy/bad.yaml`), /^4 LW-MANIFEST-FIELD/);
  assert.match(
    await first(`${clone}oc apply -f shop/deploy/god.yaml`),
    /^7 LW-FILE-MISSING.*did you mean `deploy\/good\.yaml`/,
  );
  assert.equal(await first(`${clone}cd shop\noc apply -f deploy/good.yaml`), 'nothing');
  assert.match(
    await first('oc apply -f nowhere.yaml'),
    /^6 LW-FILE-MISSING no earlier step creates a file nowhere\.yaml/,
  );
});

test('here-documents are checked at their own lines, whether piped, passed with - or written to a file', async () => {
  const bad = object('dta: {}').trimEnd();
  assert.match(await first(`cat <<'EOF' | oc apply -f -\n${bad}\nEOF`), /^10 LW-MANIFEST-FIELD/);
  assert.match(await first(`oc apply -f - <<EOF\n${bad}\nEOF`), /^10 LW-MANIFEST-FIELD/);
  assert.match(await first(`cat > a.yaml <<EOF\n${bad}\nEOF\noc create -f a.yaml`), /^10 LW-MANIFEST-FIELD/);
  assert.match(await first(`cat <<EOF | oc apply -f -\nkind: [\nEOF`), /LW-YAML-SYNTAX/);
  assert.match(await first(`N=$(date)\ncat <<EOF | oc apply -f -\nname: $N\nEOF`), /^8 LW-NOT-CHECKED/);
});

test('syntax errors and commands that never end are reported with their line', async () => {
  assert.match(await first('oc get pods\nif true; then\n  ls'), /LW-SHELL-SYNTAX bash can't parse this/);
  assert.match(await first('echo a\noc get pods -w'), /^7 LW-SHELL-ENDLESS this command never ends by itself/);
  assert.equal(await first('timeout 5 oc get pods -w'), 'nothing');
});

test('a variable that nothing sets is reported, in commands and addresses', async () => {
  assert.match(await first('echo hi\necho "$HOST"'), /^7 LW-SHELL-VARIABLE no earlier step sets \$HOST/);
  assert.match(await first('echo hi', '      - browse: http://$HOST/\n'), /^7 LW-SHELL-VARIABLE/);
  const fine = [
    'HOST=a\necho $HOST',
    'export A=$(oc whoami) B=2\necho $A $B',
    'for i in 1 2; do echo $i; done',
    'oc get pods | while read name rest; do echo $name $rest; done',
    "echo '$HOST'; awk '{ print $NF }'",
    'echo ${HOST:-none} $HOME $RANDOM $? $1 $$ \\$HOST',
    'test -z "$HOST" && echo none',
    "cat <<'EOF'\n$HOST\nEOF",
    'echo a # $HOST',
  ];
  for (const block of fine) assert.equal(await first(block), 'nothing', block);
});

test('parts that can’t be checked are reported', async () => {
  assert.match(
    await first('oc apply -f https://example.com/a.yaml'),
    /^6 LW-NOT-CHECKED https:\/\/example\.com\/a\.yaml could not be checked/,
  );
  assert.match(await first('oc apply -k overlays/dev'), /LW-NOT-CHECKED the output of kustomize/);
});
