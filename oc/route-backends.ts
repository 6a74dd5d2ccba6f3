/** The weights of the Services behind a Route, and how `oc set route-backends` changes them. */
import { OcError } from './error.ts';

export interface Backend {
  readonly kind: string;
  readonly name: string;
  readonly weight: number | undefined;
}

export interface Input {
  readonly name: string;
  readonly value: number;
  readonly percentage: boolean;
  readonly relative: boolean;
}

export interface BackendChange {
  readonly adjust: boolean;
  readonly zero: boolean;
  readonly equal: boolean;
  readonly inputs: readonly Input[];
}

/** The largest weight that a Route accepts; if exceeded, all weights are scaled down. */
const HIGHEST = 256;
const SCALED_TO = 200;

/** `web=10`, `web=20%`, `web=+5%`. @throws {OcError} */
export function readInput(word: string): Input {
  const [, name = '', sign, digits, percent] = /^([^=/]+)=([+-]?)(\d+)(%?)$/.exec(word) ?? [];
  if (digits === undefined) throw new OcError(`invalid argument ${JSON.stringify(word)}: expected NAME=WEIGHT`);
  const value = sign === '-' ? -Number(digits) : Number(digits);
  return { name, value, percentage: percent === '%', relative: sign !== '' };
}

/** @throws {OcError} for an invalid change. */
export function changeBackends(backends: readonly Backend[], change: BackendChange): readonly Backend[] {
  refuseContradictions(change);
  const { adjust, zero, equal, inputs } = change;
  if (zero || equal) return backends.map((backend) => ({ ...backend, weight: zero ? 0 : 100 }));
  const [input] = inputs;
  if (adjust && input !== undefined) return adjusted(backends, input);
  return inputs.map(({ name, value }) => ({ kind: 'Service', name, weight: value }));
}

function refuseContradictions({ adjust, zero, equal, inputs }: BackendChange): void {
  if (zero && equal) throw new OcError('--zero and --equal may not be specified together');
  if (adjust && (zero || equal))
    throw new OcError(`--adjust and --${zero ? 'zero' : 'equal'} may not be specified together`);
  if (adjust && inputs.length !== 1) throw new OcError('only one backend may be specified when adjusting');
  if ((zero || equal) && inputs.length > 0)
    throw new OcError('arguments may not be provided when --zero or --equal is specified');
  if (adjust) return;
  for (const [index, { name, value, percentage }] of inputs.entries()) {
    if (inputs.findIndex((one) => one.name === name) !== index)
      throw new OcError(`backend name ${JSON.stringify(name)} may only be specified once`);
    if (percentage !== inputs[0]?.percentage) throw new OcError('all backends must either be percentages or weights');
    if (value < 0) throw new OcError('negative percentages are not allowed');
  }
}

/** With several backends, a percentage shifts weight between the named backend and the first of the others. */
function adjusted(backends: readonly Backend[], input: Input): readonly Backend[] {
  const index = backends.findIndex(({ name }) => name === input.name);
  const names = backends.map(({ name }) => name).join(', ');
  if (index < 0) throw new OcError(`backend ${JSON.stringify(input.name)} is not in the list of backends (${names})`);
  if (backends.length === 1) {
    if (input.relative) throw new OcError('cannot adjust a single backend by relative weight');
    return backends.map((backend) => ({ ...backend, weight: input.value }));
  }
  const weight = backends[index]?.weight ?? 100;
  if (!input.percentage) {
    const set = input.relative ? Math.max(0, weight + input.value) : input.value;
    return backends.map((backend, at) => (at === index ? { ...backend, weight: set } : backend));
  }
  return byPercent(backends, index, index === 0 ? 1 : 0, weight, input);
}

function byPercent(
  backends: readonly Backend[],
  index: number,
  other: number,
  weight: number,
  input: Input,
): readonly Backend[] {
  const total = weight + (backends[other]?.weight ?? 0);
  const before = input.relative && total > 0 ? weight / total : 0;
  const share = Math.min(1, Math.max(0, before + input.value / 100));
  const changed = backends.map((backend, at) => {
    if (at === index) return { ...backend, weight: Math.round(share * 100) };
    if (at === other) return { ...backend, weight: Math.round((1 - share) * 100) };
    if (total === 0 || backend.weight === undefined) return backend;
    return { ...backend, weight: Math.trunc((backend.weight * 100) / total) };
  });
  const most = Math.max(...changed.map(({ weight: one = 0 }) => one));
  if (most <= HIGHEST) return changed;
  return changed.map((backend) =>
    backend.weight ? { ...backend, weight: Math.max(1, Math.trunc((SCALED_TO * backend.weight) / most)) } : backend,
  );
}
