/** The page objects of the web console, in both browsers, against small consoles with the ids of several releases. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from '@playwright/test';
import { ConsoleRefusal, WebConsole } from '../../../console/web-console.ts';
import { BROWSERS, launchBrowser } from '../../support/browsers.ts';
import { type Created, clusterOf, create, EXAMPLE, install } from './small-cluster.ts';
import { type Release, type SmallConsole, startSmallConsole } from './small-console.ts';

for (const name of BROWSERS) {
  test(name, async (t) => {
    let browser: Browser;
    before(async () => {
      browser = await launchBrowser(name);
    });
    after(() => browser.close());

    /** Opens a small console, and closes it after the work. */
    const inConsole = async (
      release: Release,
      work: (of: {
        open: () => Promise<WebConsole>;
        page: Page;
        created: Created[];
        console: SmallConsole;
      }) => Promise<void>,
    ): Promise<void> => {
      const cluster = clusterOf();
      const console = await startSmallConsole(release, cluster);
      const page = await browser.newPage();
      try {
        await work({ page, console, created: cluster.created, open: () => WebConsole.open(page, console.address) });
      } finally {
        await page.close();
        await console.stop();
      }
    };

    for (const [release, form] of [
      ['4.12', 'radio buttons'],
      ['4.16', 'drop-down'],
      ['4.18', 'drop-down'],
    ] as const) {
      await t.test(`an operator is installed from the channel of the guide in ${release}, by ${form}`, () =>
        inConsole(release, async ({ open, created }) => {
          const console = await open();
          await console.do(install('mesh', 'old'));
          assert.deepEqual(
            created.map(({ kind, spec }) => [kind, spec['channel']]),
            [['Subscription', 'old']],
          );
          assert.deepEqual(console.controls, [{ name: 'update channel', form }]);
        }),
      );
    }

    await t.test(
      'a channel that is chosen already is left alone, since choosing it again would clear the version',
      () =>
        inConsole('4.16', async ({ open, created }) => {
          await (await open()).do(install('mesh', 'stable'));
          assert.equal(created[0]?.spec['startingCSV'], 'mesh.v2');
        }),
    );

    await t.test(
      'an operator goes to the namespace that it proposes, in a box up to 4.13 and beside a radio button later',
      async () => {
        for (const release of ['4.12', '4.16'] as const) {
          await inConsole(release, async ({ open, created }) => {
            await (await open()).do(install('search', 'one'));
            assert.deepEqual(
              created.map(({ kind }) => kind),
              ['Namespace', 'OperatorGroup', 'Subscription'],
            );
            assert.equal(created[2]?.metadata.namespace, 'openshift-search');
          });
        }
      },
    );

    await t.test('an operator goes to another namespace than the one that it proposes', () =>
      inConsole('4.12', async ({ open, created }) => {
        await (await open()).do({ ...install('search', 'one'), namespace: 'openshift-operators' });
        assert.deepEqual(
          created.map(({ kind, metadata }) => [kind, metadata.namespace]),
          [['Subscription', 'openshift-operators']],
        );
      }),
    );

    await t.test(
      'an instance is created with the form’s proposed values, and with the guide’s name if it differs',
      () =>
        inConsole('4.16', async ({ open, created }) => {
          const console = await open();
          await console.do(create('form', 'shop', EXAMPLE));
          await console.do(create('form', 'openshift-search', { ...EXAMPLE, metadata: { name: 'second' } }));
          assert.deepEqual(
            created.map(({ metadata }) => metadata),
            [
              { name: 'basic', namespace: 'shop' },
              { name: 'second', namespace: 'openshift-search' },
            ],
          );
          assert.deepEqual(created[0]?.spec, EXAMPLE.spec);
        }),
    );

    await t.test('the YAML view creates exactly the given object, although the editor indents', () =>
      inConsole('4.16', async ({ open, created }) => {
        const spec = { members: ['shop', 'town'], deep: { er: { still: true }, text: 'a: b' }, last: 3 };
        const object = { ...EXAMPLE, metadata: { name: 'default', namespace: 'shop' }, spec };
        await (await open()).do(create('yaml', 'shop', object));
        assert.deepEqual(created, [object]);
      }),
    );

    for (const [release, form] of [
      ['4.16', 'button'],
      ['4.18', 'drop-down'],
    ] as const) {
      await t.test(`any objects are imported as YAML in ${release}, by a ${form}`, () =>
        inConsole(release, async ({ open, created }) => {
          const console = await open();
          const second = { ...EXAMPLE, metadata: { name: 'second', namespace: 'shop' } };
          await console.do({ do: 'import yaml', objects: [EXAMPLE] });
          await console.do({ do: 'import yaml', objects: [second, { ...second, kind: 'Other' }] });
          assert.deepEqual(created, [EXAMPLE, second, { ...second, kind: 'Other' }]);
          assert.deepEqual(console.controls, [{ name: 'Import YAML', form }]);
          const third = { ...EXAMPLE, metadata: { name: 'third', namespace: 'shop' } };
          await assert.rejects(
            console.do({ do: 'import yaml', objects: [third, second] }),
            /did not create everything: Error: Plane "second" already exists$/,
          );
        }),
      );
    }

    await t.test('a user who starts in the developer perspective, with a tour, gets to the operators too', async () => {
      const cluster = clusterOf();
      const console = await startSmallConsole('4.12', cluster, { perspective: 'Developer' });
      const page = await browser.newPage();
      try {
        await (await WebConsole.open(page, console.address)).do(install('mesh', 'old'));
        assert.equal(cluster.created.length, 1);
      } finally {
        await page.close();
        await console.stop();
      }
    });

    await t.test('the error contains the console’s own message', () =>
      inConsole('4.16', async ({ open }) => {
        const console = await open();
        await console.do(create('form', 'shop', EXAMPLE));
        await assert.rejects(console.do(create('form', 'shop', EXAMPLE)), (error) => {
          assert.ok(error instanceof ConsoleRefusal);
          assert.match(error.message, /did not accept basic; it says: An error occurred: Plane "basic" already exists/);
          return true;
        });
      }),
    );

    await t.test(
      'a user signs in through the provider that was named, and a wrong password is told as such',
      async () => {
        const user = { name: 'ada', password: 'pass-of-ada' };
        const console = await startSmallConsole('4.16', clusterOf(), { user });
        const open = async (given?: { name: string; password: string; provider?: string }): Promise<string> => {
          const page = await browser.newPage();
          try {
            await WebConsole.open(page, console.address, given);
            return 'in';
          } catch (error) {
            assert.ok(error instanceof ConsoleRefusal, String(error));
            assert.doesNotMatch(error.message, /pass-of/);
            return error.message;
          } finally {
            await page.close();
          }
        };
        try {
          assert.equal(await open({ ...user, provider: 'people' }), 'in');
          assert.match(await open({ name: 'ada', password: 'pass-of-bob', provider: 'people' }), /did not accept/);
          assert.match(
            await open({ ...user, provider: 'nobody' }),
            /no way to sign in that is called nobody, but kube:admin, people/,
          );
          assert.match(await open(user), /offers several ways to sign in \(kube:admin, people\), and none was chosen/);
          assert.match(await open(), /asks for a user, and none was given/);
        } finally {
          await console.stop();
        }
      },
    );
  });
}
