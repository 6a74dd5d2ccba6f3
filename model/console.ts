/** Clicks in OpenShift's web console: what a step asks a browser for, and what its evidence says about them. */

import type { JsonValue } from './lab.ts';

/** One thing that the guide's reader does in the console. */
export type ConsoleTask = InstallOperator | CreateInstance | ImportYaml;

/** OperatorHub: search, tile, channel, namespace, Install. */
export interface InstallOperator {
  readonly do: 'install operator';
  readonly package: string;
  /** The name on the tile, which is what the reader searches for. */
  readonly title: string;
  /** The catalog, and its namespace. */
  readonly source: string;
  readonly sourceNamespace: string;
  readonly channel: string;
  /** The namespace that the operator is installed in. */
  readonly namespace: string;
}

/** Installed Operators: project, operator, tab of the kind, Create. */
export interface CreateInstance {
  readonly do: 'create instance';
  /** `form` accepts what the form offers, `yaml` replaces the text of the YAML view. */
  readonly by: 'form' | 'yaml';
  /** The operator's name in the list. */
  readonly operator: string;
  /** The kind's name on the operator's page. */
  readonly tab: string;
  /** Absent for an object without a namespace: any project will do. */
  readonly project?: string;
  readonly name: string;
  readonly object: ConsoleObject;
}

/** The `+` at the top, Import YAML: any objects, each with its namespace. */
export interface ImportYaml {
  readonly do: 'import yaml';
  readonly objects: readonly ConsoleObject[];
}

export type ConsoleObject = { readonly [key: string]: JsonValue };

/** A control that consoles of different releases offer in different forms. */
export interface ConsoleControl {
  readonly name: string;
  /** `radio buttons`, `drop-down`, `button`. */
  readonly form: string;
}

/** How a step was done that the lab wants clicked. */
export type ConsoleEvidence =
  | { readonly by: 'clicks'; readonly address: string; readonly controls: readonly ConsoleControl[] }
  | { readonly by: 'api'; readonly why: string };

/** Where a browser finds the console, and what it does there for one step. */
export interface ConsoleOrder {
  /** Without a slash at its end. */
  readonly address: string;
  readonly tasks: readonly ConsoleTask[];
}

/** A user of the cluster, given by the person who runs the lab. */
export interface ConsoleUser {
  readonly name: string;
  readonly password: string;
  /** The identity provider's name on the sign-in page, if there are several. */
  readonly provider?: string;
}
