/** The messages for every kind of mistake in a lab's YAML. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatProblems, LabError, loadLab, loadSection } from './load.ts';
import { run } from './run.ts';
import { lab, problemsOf, section, told, toldOf } from './testing.ts';

test('a misspelt verb, key or word gets a did-you-mean at its position', () => {
  assert.match(
    toldOf('- brwose: http://x'),
    /^5:9: unknown verb `brwose`, expected one of apply, browse, .* \(did you mean `browse`\?\)/,
  );
  assert.match(
    toldOf('- run: x\n  expct: y'),
    /^6:9: unknown key `expct` of `run`, expected one of run, title, expect, exit, drift \(did you mean `expect`\?\)/,
  );
  assert.match(
    toldOf('- browse: http://x\n  expect: { firefx: { title: a } }'),
    /^6:19: unknown key `firefx`.*\(did you mean `firefox`\?\)/,
  );
  assert.match(
    toldOf('- sample: http://x\n  by: titel\n  expect: { a: 100% }'),
    /^6:13: `by` is "titel", expected title, status.*\(did you mean `title`\?\)/,
  );
  assert.match(
    toldOf('- call: http://x\n  from: { namespace: a, sidecar: true }\n  expect: rest'),
    /^7:17: `expect` is "rest".*reset.*\(did you mean `reset`\?\)/,
  );
});

test('a wrong type says what was expected and what was seen', () => {
  assert.match(toldOf('- run: 5'), /^5:14: `run` is the number 5, expected text such as "oc get pods"/);
  assert.match(toldOf('- run: x\n  exit: one'), /^6:15: `exit` is the text "one", expected a whole number such as 1/);
  assert.match(toldOf('- check: x\n  within: soon'), /^6:17: `within` is "soon", expected .* such as "5m"/);
  assert.match(toldOf('- check: x\n  within: 0s'), /^6:17: a deadline of 0s, expected more than nothing/);
  assert.match(toldOf('- run:'), /^5:13: `run` is empty, expected text/);
});

test('a step has exactly one verb, an exercise has steps', () => {
  assert.match(toldOf('- run: x\n  check: y'), /^6:9: a step has both `run` and `check`, expected one verb per step/);
  assert.match(toldOf('- title: x'), /^5:9: a step without a verb, expected one of apply, browse/);
  assert.match(toldOf('- oc get pods'), /^5:9: "oc get pods" does not fit here, expected keys and values/);
  assert.match(
    told('title: One\nexercises:\n  - title: First\n')[0] ?? '',
    /^3:5: .* has no `steps`, expected `steps:`/,
  );
  assert.match(told('title: One\nexercises:\n  - title: First\n    steps: []\n')[0] ?? '', /^4:12: `steps` is empty/);
  assert.match(told('title: One\n')[0] ?? '', /^1:1: the file has no `exercises`/);
});

test("what a verb can't do is reported with the reason", () => {
  assert.match(
    toldOf('- sample: http://x\n  expect: { a: 100% }\n  within: 1m'),
    /^7:9: `within` on a sample: a sample is judged once and never repeated/,
  );
  assert.match(
    toldOf('- sample: http://x\n  expect: { a: 80%, b: 30% }'),
    /^6:17: the shares add up to 110%, expected 100%/,
  );
  assert.match(toldOf('- sample: http://x\n  catches: 0.1%\n  expect: { a: 80%, b: 20% }'), /more than 20000 requests/);
  assert.match(toldOf('- ready: pods'), /^5:16: which pods\?, expected `pods\/name`, or `selector:`/);
  assert.match(toldOf('- ready: configmap/a'), /^5:16: a configmap has no readiness, expected `until:`/);
  assert.match(toldOf('- run: x\n  expect: /(/'), /^6:17: \/\(\/ is not a valid pattern: .*[Uu]nterminated/);
});

test('all problems of all files are reported together', () => {
  const problems = problemsOf({
    'lab.yaml': 'titel: x\n',
    '01-one.yaml': section('- rnu: x\n- run: x\n  exit: a\n- sample: x\n  expect: { a: 1 }'),
    '02-two.yaml': 'title: [\n',
  });
  const places = problems.map(({ at }) => `${at.file.split('/').at(-1)}:${at.line}`);
  for (const place of ['lab.yaml:1', '01-one.yaml:5', '01-one.yaml:7', '01-one.yaml:9', '02-two.yaml:2'])
    assert.ok(places.includes(place), `${place} in ${places.join(' ')}`);
});

test('the code frame shows the line with a caret', () => {
  const directory = lab({ '01-one.yaml': section('- brwose: http://x') });
  assert.throws(
    () => loadLab(directory),
    (error) => {
      assert.ok(error instanceof LabError);
      const text = formatProblems(error.problems, { cwd: directory });
      assert.match(text, /\n {2}5 \| {7}- brwose: http:\/\/x\n {4}\| {9}\^/);
      return true;
    },
  );
});

test('invalid YAML is reported at its position', () => {
  for (const [text, pattern] of [
    ['title: "a\n', /^\d+:\d+: not valid YAML/],
    ['title: a\n\texercises: []\n', /^2:\d+: not valid YAML/],
    ['title: a\ntitle: b\nexercises: []\n', /^2:1: the key `title` is already in line 1/],
    ['', /^1:1: the file is empty/],
    ['# only a comment\n', /^1:1: the file is empty/],
    ['title: a\n---\ntitle: b\n', /^3:1: a second document/],
    ['- a\n- b\n', /^1:1: the file is a list, expected keys and values/],
    ['just text\n', /^1:1: the file is the text "just text"/],
    ['title: &a x\nexercises: *a\n', /^2:12: alias `\*a`/],
    ['__proto__: { title: x }\n', /^1:1: the key `__proto__` is not allowed/],
    ['2.0: x\n', /^1:1: the key 2\.0 is read as 2, expected '2\.0' in quotes/],
    ['? [a]\n: b\n', /^1:3: a key that is not text/],
  ] as const) {
    assert.match(told(text)[0] ?? 'nothing', pattern, JSON.stringify(text));
  }
});

test('hostile YAML is refused quickly', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
    .split('')
    .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(',')}]`)
    .join('\n')}\n`;
  for (const text of [
    bomb,
    `title: ${'['.repeat(100_000)}`,
    `title: ${'[{a: '.repeat(5_000)}`,
    `${'- '.repeat(20_000)}x\n`,
    'x'.repeat(2_000_000),
    `title: ${'{a: '.repeat(100)}1${'}'.repeat(100)}\n`,
  ]) {
    // Of this process, whatever else the machine does.
    const before = process.cpuUsage();
    assert.ok(told(text).length > 0);
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 2_000_000, `${(user + system) / 1e6} s for ${text.slice(0, 40)}`);
  }
});

test('CRLF, a byte order mark and non-ASCII text shift no positions', () => {
  const text = section('- run: "echo Grüße 👋"\n  expct: y');
  for (const variant of [text, `\uFEFF${text}`, text.replaceAll('\n', '\r\n')])
    assert.match(told(variant)[0] ?? '', /^6:9: unknown key `expct`/);
});

test('commands are left alone, and dates and `yes` remain text', () => {
  const file = join(
    lab({
      '01-one.yaml': section(
        '- run: |\n    echo ${release.nothing} ${HOME}\n    echo yes\n  expect: yes\n- run: x\n  expect: 2020-01-01',
      ),
    }),
    '01-one.yaml',
  );
  const [first, second] = loadSection(file).exercises[0]?.steps ?? [];
  assert.ok(first && second && run.owns(first) && run.owns(second));
  assert.equal(first.command, 'echo ${release.nothing} ${HOME}\necho yes');
  assert.equal(first.expect[0]?.kind === 'contains' && first.expect[0].text, 'yes');
  assert.equal(second.expect[0]?.kind === 'contains' && second.expect[0].text, '2020-01-01');
  assert.equal(first.title, 'echo ${release.nothing} ${HOME} …');
});

const RELEASES = {
  'releases.yaml': "releases:\n  '2.1': { smcp: { ready: 9/9 } }\n  '2': { smcp: { ready: 8/8, extra: x } }\n",
};

test('an unknown value gets a did-you-mean, and one that only some releases have is reported with the release', () => {
  const one = (expect: string) => told(section(`- run: x\n  expect: '${expect}'`), RELEASES)[0] ?? 'nothing';
  assert.equal(one('${release.smcp.ready} ${browser.name} ${HOME}'), 'nothing');
  assert.match(
    one('${release.smcp.redy}'),
    /^6:17: there is no value for \$\{release\.smcp\.redy\}.*\(did you mean `release\.smcp\.ready`\?\)/,
  );
  assert.match(one('${release.smcp}'), /is a group, not a value, expected one of release\.smcp\.ready/);
  assert.match(one('${release.smcp.extra}'), /in release 2\.1/);
  assert.match(one('${relase.smcp.ready}'), /did you mean `release\.smcp\.ready`/);
});

test('releases keep their written order', () => {
  assert.deepEqual(
    loadLab(lab({ '01-one.yaml': section('- run: x'), ...RELEASES })).releases.map(({ name }) => name),
    ['2.1', '2'],
  );
});

test('files that lab.yaml names must exist', () => {
  const problems = problemsOf({
    'lab.yaml':
      "title: x\nimages: ./imgs.yaml\nreleases: ./r.yaml\nsections: [01-oen.yaml]\nrepositories:\n  - { url: 'https://x/y', branch: b, directory: ./none }\n",
    '01-one.yaml': section('- run: x'),
  });
  assert.deepEqual(problems.map(({ at, suggestion }) => [at.line, suggestion]).sort(), [
    [2, undefined],
    [3, undefined],
    [4, '01-one.yaml'],
    [6, undefined],
  ]);
  assert.match(problemsOf({})[0]?.message ?? '', /has no sections/);
  assert.match(
    told(`# yaml-language-server: $schema=../nowhere.json\n${section('- run: x')}`)[0] ?? '',
    /^1:33: there is no schema \.\.\/nowhere\.json/,
  );
});

test('a requested section that does not exist is reported with those that do', () => {
  const directory = lab({ '01-one.yaml': section('- run: x'), '02-two.yaml': section('- run: y') });
  assert.deepEqual(
    loadLab(directory, { sections: [2] }).sections.map(({ number }) => number),
    [2],
  );
  assert.throws(() => loadLab(directory, { sections: [3] }), /the lab has no section 3, expected one of 1, 2/);
});

test('a file that looks like a section but is misnamed is reported', () => {
  const text = section('- run: x');
  const problems = problemsOf({ '01-one.yaml': text, '02_two.yaml': text, '03-three.yml': text });
  assert.deepEqual(
    problems.map(({ message }) => message.split(' ')[0]),
    ['02_two.yaml', '03-three.yml'],
  );
});

test('kinds whose arrival no mesh reports are refused, and so is a namespace without rules', () => {
  assert.match(
    toldOf('- check: curl shop\n  arrived: deployment/shop'),
    /no mesh tells whether a deployment has arrived.*virtualservice\/NAME/,
  );
  assert.match(toldOf('- check: curl shop\n  namespace: shop'), /`namespace` belongs to `arrived`/);
  assert.equal(toldOf('- check: curl shop\n  arrived: [vs/shop, dr/shop]\n  namespace: shop'), 'nothing');
});
