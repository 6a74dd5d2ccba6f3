/** Holds the lab against the printed guide (guide-commands.yaml): nothing missing, changed or out of order. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { load } from 'js-yaml';

interface Guide {
  readonly commands: readonly { readonly section: number; readonly type: string; readonly prints?: string }[];
  readonly listings: readonly { readonly file: string; readonly object: Tree; readonly besides?: Tree }[];
}
interface Tree {
  readonly [key: string]: unknown;
}
interface Section {
  readonly exercises: readonly Exercise[];
}
interface Exercise {
  readonly beyondTheGuide?: string;
  readonly skipped?: readonly { readonly what: string; readonly reason: string }[];
  readonly steps: readonly { readonly run?: string; readonly check?: string; readonly expect?: unknown }[];
}
interface Departure {
  readonly guide: string;
  readonly lab: string;
}
/** A command of the lab. */
interface Typed {
  readonly command: string;
  readonly acts: boolean;
  readonly own: boolean;
  readonly expect: unknown;
}

const HERE = import.meta.dirname;
const MANIFESTS = join(HERE, '../../manifests/openshift-service-mesh');
const read = (file: string): unknown => load(readFileSync(join(HERE, file), 'utf8'));
const guide = read('guide-commands.yaml') as Guide;
const { departures } = read('lab.yaml') as { departures: readonly Departure[] };
const { releases } = read('releases.yaml') as { releases: Readonly<Record<string, Tree>> };
const sections = new Map(
  readdirSync(HERE)
    .filter((file) => /^\d\d-.*\.yaml$/.test(file))
    .map((file) => [Number(file.slice(0, 2)), commandsOf(read(file) as Section)]),
);

function commandsOf({ exercises }: Section): Typed[] {
  return exercises.flatMap(({ beyondTheGuide, steps }) =>
    steps.flatMap(({ run, check, expect }) => {
      const command = run ?? check;
      return command === undefined
        ? []
        : [{ command, acts: run !== undefined, own: beyondTheGuide !== undefined, expect }];
    }),
  );
}

/** What the guide's command is called in the lab, where a departure is declared. */
function inLab(command: string): string {
  return departures.find((departure) => departure.guide === command)?.lab ?? command;
}

/** @returns what is wrong with a section's commands, in words; what the lab only looks at may stand between the guide's. */
function differences(number: number, lab: readonly Typed[]): string[] {
  const wanted = guide.commands.filter(({ section }) => section === number);
  const found: string[] = [];
  let next = 0;
  for (const { command, acts, own } of lab) {
    const due = wanted[next]?.type;
    if (due !== undefined && command === inLab(due)) next += 1;
    else if (acts && !own) found.push(`\`${command}\` is not what the guide has here (${due ?? 'nothing more'})`);
  }
  return [...found, ...wanted.slice(next).map(({ type }) => `\`${type}\` is missing or out of order`)];
}

describe('the guide’s commands', () => {
  test('stand in the six sections verbatim and in order', () => {
    assert.deepEqual([...sections.keys()], [1, 2, 3, 4, 5, 6]);
    for (const [number, lab] of sections) assert.deepEqual(differences(number, lab), [], `section ${number}`);
  });

  test('are missed when one is left out, changed, or out of order', () => {
    for (const [number, lab] of sections) {
      const own = new Set(guide.commands.map(({ type }) => inLab(type)));
      const places = lab.flatMap(({ command }, index) => (own.has(command) ? [index] : []));
      for (const place of places) {
        const less = lab.toSpliced(place, 1);
        assert.notDeepEqual(differences(number, less), [], `section ${number} without ${lab[place]?.command}`);
        const changed = lab.map((typed, index) =>
          index === place ? { ...typed, command: `${typed.command} -v` } : typed,
        );
        assert.notDeepEqual(differences(number, changed), [], `section ${number}, ${lab[place]?.command} changed`);
      }
      const swapped = lab.toReversed();
      if (places.length > 1) assert.notDeepEqual(differences(number, swapped), [], `section ${number} reversed`);
    }
  });

  test('print what the guide prints, by the figures of the release it was written for', () => {
    for (const [number, lab] of sections) {
      let from = 0;
      for (const { type, prints } of guide.commands.filter(({ section }) => section === number)) {
        const place = lab.findIndex(({ command }, index) => index >= from && command === inLab(type));
        from = place + 1;
        if (prints !== undefined)
          assert.ok(samplesOf(lab[place]?.expect).includes(prints.trim()), `${type}: ${prints}`);
      }
    }
  });

  test('that the lab does not play are listed with their reasons', () => {
    const { exercises } = read('01-environment.yaml') as Section;
    const skipped = exercises.flatMap((exercise) => exercise.skipped ?? []);
    for (const page of [/Login to IBM Cloud/, /IBM Cloud Shell/, /[Cc]opy the login command/])
      assert.ok(
        skipped.some(({ what, reason }) => page.test(what) && reason !== ''),
        String(page),
      );
  });
});

describe('the files of the guide’s repositories', () => {
  for (const { file, object, besides } of guide.listings)
    test(`${file} holds what the guide lists`, () => {
      const held = load(readFileSync(join(MANIFESTS, file), 'utf8'));
      assert.deepEqual(held, merged(object, besides ?? {}));
    });
});

/** The samples in an expectation, filled with the first release's figures. */
function samplesOf(expect: unknown): string[] {
  const figures = Object.values(releases)[0] ?? {};
  return (Array.isArray(expect) ? expect : [expect]).flatMap((item: unknown) =>
    isTree(item) && typeof item['like'] === 'string'
      ? [item['like'].replace(/\$\{release\.([\w.]+)\}/g, (_, path: string) => String(at(figures, path))).trim()]
      : [],
  );
}

function at(tree: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => (isTree(node) ? node[key] : undefined), tree);
}

function merged(tree: Tree, other: Tree): Tree {
  const entries = Object.entries(other).map(([key, value]) => {
    const mine = tree[key];
    return [key, isTree(mine) && isTree(value) ? merged(mine, value) : value] as const;
  });
  return { ...tree, ...Object.fromEntries(entries) };
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
