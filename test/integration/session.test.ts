/** A session on a real sandbox: how it gets to an exercise, what it plays again, and when it starts over. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Session } from '../../host/session.ts';
import { digestOf, digestUpTo } from '../../model/step-digest.ts';
import { loadLab } from '../../steps/load.ts';

const SECTION = `title: Notes
exercises:
  - title: First
    steps:
      - run: echo first >> $NOTES
      - check: echo looked >> $NOTES
  - title: Second
    steps:
      - run: echo second >> $NOTES
        expect: a word it never says
      - run: echo third >> $NOTES
  - title: Third
    steps:
      - run: sleep 0.2; test ! -e $NOTES.bad
      - check: echo fourth
  - title: Fourth
    steps:
      - check: echo done
`;

describe('a session', () => {
  let directory: string;
  let section: string;
  let session: Session;
  const signal = new AbortController().signal;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lw-session-'));
    section = join(directory, '01-notes.yaml');
    await writeFile(join(directory, 'lab.yaml'), 'title: Notes\n');
    await writeFile(section, SECTION.replaceAll('$NOTES', join(directory, 'notes')));
    session = new Session(loadLab(directory), {
      name: 'notes',
      release: { name: 'unspecified', figures: {} },
      directory: join(directory, 'session'),
    });
  });
  after(async () => {
    await session.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** The steps' output since the last call. */
  async function notes(): Promise<string[]> {
    const text = await readFile(join(directory, 'notes'), 'utf8').catch(() => '');
    await rm(join(directory, 'notes'), { force: true });
    return text.split('\n').filter((line) => line !== '');
  }

  test('gets to an exercise by playing only the steps that act', async () => {
    assert.deepEqual(await session.enter('firefox', section, 1, signal), { state: 'ready', replayed: 1 });
    assert.deepEqual(await notes(), ['first']);
  });

  test('a command with unexpected output has acted, so the remaining steps are played on the way to the next exercise', async () => {
    const outcome = await session.play('firefox', section, 1, 0, signal);
    assert.equal(outcome.failure?.code, 'LW-EXPECT-TEXT');
    assert.deepEqual(await session.enter('firefox', section, 2, signal), { state: 'ready', replayed: 1 });
    assert.deepEqual(await notes(), ['second', 'third']);
  });

  test('a failing command blocks the steps after it, and nothing else', async () => {
    await writeFile(join(directory, 'notes.bad'), '');
    assert.equal((await session.play('firefox', section, 2, 0, signal)).failure?.code, 'LW-RUN-EXIT');
    const blocked = await session.enter('firefox', section, 3, signal);
    assert.equal(blocked.state, 'blocked');
    assert.match(blocked.state === 'blocked' ? blocked.by : '', /^section 1, "Third", step 1: sleep 0\.2; test ! -e/);
    await rm(join(directory, 'notes.bad'));
  });

  test('going back starts from an empty cluster with the same addresses', async () => {
    const earlier = (await session.environment()).cluster;
    assert.deepEqual(await session.enter('firefox', section, 2, signal), { state: 'ready', replayed: 3 });
    assert.deepEqual(await notes(), ['first', 'second', 'third']);
    const { cluster } = await session.environment();
    assert.notEqual(cluster.login.token, earlier.login.token);
    assert.deepEqual([cluster.server, cluster.proxy], [earlier.server, earlier.proxy]);
  });

  test('after an interrupted step, the next entry starts over', async () => {
    const hangUp = new AbortController();
    const before = await session.environment();
    const playing = session.play('firefox', section, 2, 0, hangUp.signal);
    const rejected = assert.rejects(playing, /hung up/);
    setTimeout(() => hangUp.abort(new Error('the client hung up')), 50);
    assert.deepEqual(await session.enter('firefox', section, 3, signal), { state: 'ready', replayed: 4 });
    await rejected;
    assert.notEqual(await session.environment(), before);
    assert.deepEqual(await notes(), ['first', 'second', 'third']);
  });

  test('a lab is played from the beginning if a step that has acted was edited', async () => {
    const before = await session.environment();
    await writeFile(section, (await readFile(section, 'utf8')).replace('echo first', 'echo FIRST'));
    session.lab = loadLab(directory);
    assert.deepEqual(await session.enter('firefox', section, 1, signal), { state: 'ready', replayed: 1 });
    assert.deepEqual(await notes(), ['FIRST']);
    assert.notEqual(await session.environment(), before);
  });

  test('if the step shown differs from the file, neither it nor an earlier step is played', async () => {
    const shown = loadLab(directory);
    const step = digestOf(shown.sections[0]?.exercises[1]?.steps.slice(0, 1) ?? []);
    const entry = digestUpTo(shown, section, 1);
    assert.equal((await session.enter('firefox', section, 1, signal, entry)).state, 'ready');
    await writeFile(section, (await readFile(section, 'utf8')).replace('echo second', 'echo SECOND'));
    session.lab = loadLab(directory);
    await notes();
    const { failure } = await session.play('firefox', section, 1, 0, signal, { shown: step });
    assert.equal(failure?.code, 'LW-LAB-EDITED');
    assert.match(failure.message, /this step is not the text/);
    assert.deepEqual([failure.at.file, failure.next], [section, 'save the lab, then start the run again']);
    const later = await session.enter('firefox', section, 2, signal, digestUpTo(shown, section, 2));
    assert.equal(later.state === 'edited' && later.failure.code, 'LW-LAB-EDITED');
    assert.deepEqual(await notes(), []);
  });
});
