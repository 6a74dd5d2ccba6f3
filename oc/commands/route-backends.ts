/** `oc set route-backends` shows and sets how a Route distributes requests among Services. */

import { at, listAt, textAt } from '../../model/fields.ts';
import { type Command, flag, type Parsed, parse, text } from '../command.ts';
import { OcError } from '../error.ts';
import { kubectl as run } from '../kubectl.ts';
import { type Backend, changeBackends, readInput } from '../route-backends.ts';
import { columnsOf } from '../table.ts';

const OPTIONS = {
  adjust: flag,
  zero: flag,
  equal: flag,
  selector: { ...text, short: 'l' },
  all: flag,
  'dry-run': text,
} as const;

export const setRouteBackends: Command = {
  words: 'set route-backends',
  about: 'shows or sets the weights of the Services behind a Route',
  run: async (words) => {
    const parsed = parse('set route-backends', words, OPTIONS);
    const { values, positionals, kubectl } = parsed;
    const names = positionals.filter((word) => !word.includes('='));
    const inputs = positionals.filter((word) => word.includes('=')).map(readInput);
    const selected = [
      ...names.map(nameOf),
      ...(values.selector === undefined ? [] : [`--selector=${values.selector}`]),
    ];
    const routes = await routesFor(selected, kubectl);
    const change = { adjust: values.adjust === true, zero: values.zero === true, equal: values.equal === true, inputs };
    if (!change.zero && !change.equal && inputs.length === 0) return table(routes);
    if (selected.length === 0 && values.all !== true) throw new OcError('one or more routes must be named, or --all');
    const lines: string[] = [];
    for (const route of routes) lines.push(await patch(route, changeBackends(backendsOf(route), change), parsed));
    return lines.join('\n');
  },
};

/** Accepts a Route's name with or without its kind. */
function nameOf(word: string): string {
  return word.replace(/^routes?(\.route\.openshift\.io)?\//, '');
}

async function routesFor(selected: readonly string[], kubectl: readonly string[]): Promise<readonly unknown[]> {
  const read: unknown = JSON.parse(
    await run(['get', 'routes.route.openshift.io', ...selected, ...kubectl, '-o', 'json']),
  );
  return textAt(read, 'kind') === 'Route' ? [read] : listAt(read, 'items');
}

function backendsOf(route: unknown): readonly Backend[] {
  const all = [at(route, 'spec', 'to'), ...listAt(route, 'spec', 'alternateBackends')];
  return all.map((one) => {
    const weight = at(one, 'weight');
    return {
      kind: textAt(one, 'kind') ?? 'Service',
      name: textAt(one, 'name') ?? '',
      weight: typeof weight === 'number' ? weight : undefined,
    };
  });
}

async function patch(
  route: unknown,
  [to, ...alternates]: readonly Backend[],
  { values, kubectl }: Parsed<typeof OPTIONS>,
): Promise<string> {
  const name = textAt(route, 'metadata', 'name') ?? '';
  const dryRun = values['dry-run'] === undefined ? [] : [`--dry-run=${values['dry-run']}`];
  const body = JSON.stringify({ spec: { to, alternateBackends: alternates.length === 0 ? null : alternates } });
  await run(['patch', 'routes.route.openshift.io', name, '--type=merge', '-p', body, ...kubectl, ...dryRun]);
  const dry =
    values['dry-run'] === undefined ? '' : values['dry-run'] === 'server' ? ' (server dry run)' : ' (dry run)';
  return `route.route.openshift.io/${name} backends updated${dry}`;
}

function table(routes: readonly unknown[]): string {
  const rows = routes.flatMap((route) => {
    const backends = backendsOf(route);
    const total = backends.reduce((sum, { weight = 0 }) => sum + weight, 0);
    return backends.map(({ kind, name, weight }) => [
      `routes/${textAt(route, 'metadata', 'name')}`,
      kind,
      name,
      weight === undefined
        ? ''
        : total === 0 || backends.length === 1
          ? `${total}`
          : `${weight} (${Math.trunc((weight * 100) / total)}%)`,
    ]);
  });
  const lines = [['NAME', 'KIND', 'TO', 'WEIGHT'], ...rows];
  return columnsOf(lines, { gap: 2, least: 0 });
}
