/** A cluster with two operators for small consoles, and the tasks that its pages are tried with. */
import type { ConsoleTask, InstallOperator } from '../../../model/console.ts';
import type { Cluster } from './small-console.ts';

export const CATALOG = { source: 'redhat-operators', sourceNamespace: 'openshift-marketplace' };
export const PACKAGES = [
  {
    name: 'mesh',
    title: 'The Mesh',
    ...CATALOG,
    channels: ['old', 'stable'],
    defaultChannel: 'stable',
    newest: 'mesh.v2',
    namespace: 'openshift-operators',
  },
  {
    name: 'search',
    title: 'The Search',
    ...CATALOG,
    channels: ['one'],
    defaultChannel: 'one',
    newest: 'search.v1',
    namespace: 'openshift-search',
  },
];
export const EXAMPLE = {
  apiVersion: 'mesh.test/v1',
  kind: 'Plane',
  metadata: { name: 'basic' },
  spec: { version: 'v2', parts: ['a', 'b'] },
};
export const OPERATORS = [{ title: 'The Mesh', kinds: [{ kind: 'Plane', title: 'Mesh Plane', example: EXAMPLE }] }];

export interface Created {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** A cluster that records what is created on it. */
export function clusterOf(): Cluster & { readonly created: Created[] } {
  const created: Created[] = [];
  return {
    created,
    packages: async () => PACKAGES,
    operators: async () => OPERATORS,
    projects: async () => ['shop', 'openshift-search'],
    create: async (object) => {
      const made = object as Created;
      if (created.some(({ kind, metadata }) => kind === made.kind && metadata.name === made.metadata.name))
        throw new Error(`${made.kind} "${made.metadata.name}" already exists`);
      created.push(made);
      return made;
    },
  };
}

export const install = (name: 'mesh' | 'search', channel: string): InstallOperator => {
  const namespace = name === 'mesh' ? 'openshift-operators' : 'openshift-search';
  const title = name === 'mesh' ? 'The Mesh' : 'The Search';
  return { do: 'install operator', package: name, title, ...CATALOG, channel, namespace };
};
export const create = (by: 'form' | 'yaml', project: string, object: ConsoleObject): ConsoleTask => {
  const page = { operator: 'The Mesh', tab: 'Mesh Plane', project };
  return { do: 'create instance', by, ...page, name: object.metadata.name, object };
};
export type ConsoleObject = Extract<ConsoleTask, { do: 'create instance' }>['object'] & {
  readonly metadata: { readonly name: string };
};
