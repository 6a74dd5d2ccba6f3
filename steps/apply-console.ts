/** `apply` with `console:`: which form or editor is opened, and whether it created what the lab says. */
import type { ApiObject } from '../kube/types.ts';
import type { ConsoleObject, CreateInstance } from '../model/console.ts';
import { recordAt, recordsAt, textAt } from '../model/fields.ts';
import type { Manifest } from '../model/lab.ts';
import { type ApplyStep, expectObject, identityOf } from './apply-step.ts';
import { awaitClicked, type Clicked, judgeObject } from './console-outcome.ts';
import type { ClusterContext } from './context.ts';
import { awaitObjectKind } from './kinds.ts';
import { OLM } from './operator-step.ts';
import type { ConsoleTasks } from './verb.ts';

const KIND_TIMEOUT_MS = 30_000;

/** @throws {StepFailure} `LW-KIND-UNKNOWN` if the cluster does not serve a manifest's kind. */
export async function createTasks(step: ApplyStep, context: ClusterContext): Promise<ConsoleTasks> {
  const wanted: Wanted[] = [];
  for (const manifest of step.manifests) {
    const clicked = await clickedOf(step, manifest, context);
    const { kind, name, namespace } = clicked;
    if ((await context.api.get(kind, name, namespace)) !== undefined)
      return { why: `${kind.kind} ${name} exists already, and the console only creates it` };
    wanted.push({ ...clicked, object: manifest.object });
  }
  if (step.console === 'import') return { tasks: [{ do: 'import yaml', objects: wanted.map(withNamespace) }] };
  return createOnOperatorPages(step, wanted, context);
}

interface Wanted extends Clicked {
  readonly object: ConsoleObject;
}

/** Import YAML would otherwise use the project that the browser shows. */
function withNamespace({ object, namespace }: Wanted): ConsoleObject {
  if (namespace === undefined) return object;
  const { metadata } = object;
  const given = typeof metadata === 'object' && metadata !== null && 'name' in metadata ? metadata : {};
  return { ...object, metadata: { ...given, namespace } };
}

async function createOnOperatorPages(
  step: ApplyStep,
  wanted: readonly Wanted[],
  context: ClusterContext,
): Promise<ConsoleTasks> {
  const csvs = await awaitObjectKind(step, OLM, 'ClusterServiceVersion', performance.now() + KIND_TIMEOUT_MS, context);
  const { items } = await context.api.list(csvs, {});
  const by = step.console === 'form' ? 'form' : 'yaml';
  const tasks: CreateInstance[] = [];
  for (const { kind, name, namespace, object } of wanted) {
    const page = pageOf(kind, items);
    if (page === undefined) return { why: `no installed operator offers to create a ${kind.kind}` };
    const project = namespace === undefined ? {} : { project: namespace };
    tasks.push({ do: 'create instance', by, ...page, ...project, name, object });
  }
  return { tasks };
}

/** @throws {StepFailure} `LW-CONSOLE-OUTCOME` if an object is missing or has other values; `LW-EXPECT-OBJECT`. */
export async function judgeCreated(step: ApplyStep, context: ClusterContext): Promise<void> {
  for (const manifest of step.manifests) {
    const clicked = await clickedOf(step, manifest, context);
    const object = await awaitClicked(step, clicked, context);
    context.observe({ kind: 'object', title: `${object.kind} ${object.metadata.name}`, object: manifest.object });
    judgeObject(manifest.object, object, manifest.at);
    expectObject(step, object);
  }
}

async function clickedOf(step: ApplyStep, manifest: Manifest, context: ClusterContext): Promise<Clicked> {
  const { apiVersion, kind, name, namespace } = identityOf(manifest, step);
  const served = await awaitObjectKind(step, apiVersion, kind, performance.now() + KIND_TIMEOUT_MS, context);
  if (!served.namespaced) return { kind: served, name };
  return { kind: served, name, namespace: namespace ?? (await context.terminal.namespace()) };
}

/** The operator whose page offers the kind: names as the ClusterServiceVersion gives them to the console. */
function pageOf(
  { kind, plural, apiVersion }: Clicked['kind'],
  csvs: readonly ApiObject[],
): { readonly operator: string; readonly tab: string } | undefined {
  const [group = ''] = apiVersion.split('/');
  for (const csv of csvs) {
    const owned = recordsAt(recordAt(csv.spec, 'customresourcedefinitions'), 'owned');
    const offer = owned.find((crd) => crd['name'] === `${plural}.${group}`);
    if (offer === undefined) continue;
    const operator = textAt(csv.spec, 'displayName') ?? csv.metadata.name;
    return { operator, tab: textAt(offer, 'displayName') ?? kind };
  }
  return undefined;
}
