import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandsOf, hasBash, looksAtExitCode, syntaxProblem } from './commands.ts';

const split = (block: string) => commandsOf(block).map(({ text, line }) => `${line}: ${text}`);

test('without bash, no syntax is checked and a block is one command', () => {
  const path = process.env['PATH'];
  process.env['PATH'] = '/nowhere';
  try {
    assert.equal(hasBash(), false);
    assert.equal(syntaxProblem('if never judged before'), undefined);
    assert.equal(commandsOf('echo never judged; echo before').length, 1);
  } finally {
    process.env['PATH'] = path;
  }
  assert.equal(hasBash(), true);
});

test('each line and each part of a list is a command; comments and blank lines are not', () => {
  assert.deepEqual(split('oc new-project a\n\n# now\noc get pods; oc get svc\n'), [
    '0: oc new-project a',
    '3: oc get pods',
    '3: oc get svc',
  ]);
});

test('commands that span lines stay whole', () => {
  const whole = [
    'oc apply -f a.yaml &&\n  oc get pods',
    'oc get pods \\\n  -n shop',
    'oc get pods |\n  grep Running',
    'for i in 1 2; do\n  echo $i\ndone',
    'greet() {\n  echo hi; echo there\n}',
    'if true; then echo a; else echo b; fi',
    'case $x in\n  a) echo a;;\n  *) echo b;;\nesac',
    'while read line; do echo "$line"; done <<EOF\na; b\nc\nEOF',
    'echo "one\ntwo; three"',
    "echo 'it; is\nso'",
    'X=$(oc get pods\noc get svc)',
    '( cd a; ls )',
    '[[ $x == "a;b" ]] && echo yes',
    'echo a # and; this',
    'cat <<<"a; b"',
    "printf $'a\\'; b\\n'",
    'sleep 5 &',
    'arr=(a\nb\nc)',
  ];
  for (const command of whole) assert.deepEqual(split(command), [`0: ${command}`], command);
});

test('here-documents belong to their command, whatever they contain', () => {
  assert.deepEqual(split("cat <<'EOF' > a.yaml\nkind: A; it's\n  \"x\nEOF\noc apply -f a.yaml"), [
    "0: cat <<'EOF' > a.yaml\nkind: A; it's\n  \"x\nEOF",
    '4: oc apply -f a.yaml',
  ]);
  assert.deepEqual(split('cat <<-A <<"B"\n\tone\n\tA\ntwo\nB\nls'), ['0: cat <<-A <<"B"\n\tone\n\tA\ntwo\nB', '5: ls']);
});

test('functions, assignments and changes of directory are separate commands', () => {
  assert.deepEqual(split('f() {\n  false\n}\nX=1\ncd a\nf'), ['0: f() {\n  false\n}', '3: X=1', '4: cd a', '5: f']);
});

test('text that bash can’t parse is one command, and is reported with its line', () => {
  assert.deepEqual(split('ls\nif then\nls'), ['0: ls', '1: if then\nls']);
  assert.equal(syntaxProblem('ls\nif then')?.line, 2);
  assert.match(syntaxProblem('echo "x')?.message ?? '', /unexpected EOF/);
  assert.match(syntaxProblem('cat <<EOF\nx')?.message ?? '', /here-document/);
  assert.equal(syntaxProblem('for i in 1; do echo; done'), undefined);
});

test('an exit code that the next command reads may be anything', () => {
  assert.ok(looksAtExitCode('echo $?') && looksAtExitCode('[ ${?} -eq 1 ]') && !looksAtExitCode('echo $x'));
});
