/**
 * The typed lab: the result of `loadLab`, and the only form of the YAML that the rest of the project uses.
 * Durations are milliseconds, shares are fractions (0.8 for `80%`), paths are absolute. Every node that can fail has the position
 * at which it was written, so that a failure can point to the YAML.
 */

/** A position in a file. Lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Lab {
  /** The folder's name, e.g. `openshift-service-mesh`; the argument of `certify`. */
  readonly name: string;
  readonly title: string;
  readonly directory: string;
  /** `lab.yaml`. */
  readonly file: string;
  readonly sections: readonly Section[];
  /** Where the lab deliberately differs from the printed guide, with the reason. */
  readonly departures: readonly Departure[];
  /** Objects that the lab changes although it did not create them; restored on a real cluster. */
  readonly changes: readonly DeclaredChange[];
  /** Number of the first section that each browser plays for itself on a shared cluster; 1: all. */
  readonly eachBrowserFrom: number;
  readonly releases: readonly Release[];
  /** Version prefixes on which the guide can't be followed, with the reason. */
  readonly refuses: Readonly<Record<string, string>>;
  /** Git repositories that the guide clones, and the folder with a copy of the files, which the sandbox serves. */
  readonly repositories: readonly Repository[];
  /** The lab's `images.yaml`: which program stands in for an image in the sandbox. */
  readonly images: string;
  /** Image of the temporary pods that `call` creates; it must contain `sh` and `curl`. */
  readonly callImage: string;
}

export interface Departure {
  readonly guide: string;
  readonly lab: string;
  readonly reason: string;
  readonly at: Position;
}

export interface DeclaredChange {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly reason: string;
}

export interface Repository {
  readonly url: string;
  readonly branch: string;
  readonly directory: string;
}

/** A named pair of OpenShift and Service Mesh; `figures` holds the values that `${release.…}` reads. */
export interface Release {
  readonly name: string;
  readonly figures: Figures;
}
export interface Figures {
  readonly [key: string]: string | number | boolean | Figures | readonly string[];
}

export interface Section {
  /** 1 for `01-environment.yaml`. */
  readonly number: number;
  readonly title: string;
  readonly file: string;
  readonly exercises: readonly Exercise[];
}

export interface Exercise {
  readonly title: string;
  readonly at: Position;
  /** Set if the guide does not contain this exercise: why the lab has it. */
  readonly beyondTheGuide?: string;
  /** Parts of the guide that are not played here, with the reason. */
  readonly skipped: readonly { readonly what: string; readonly reason: string }[];
  readonly steps: readonly Step[];
}

/** The fields that all steps have, whatever their verb; each verb's own fields are in its file under `steps/`. */
export interface Step {
  readonly verb: string;
  /** Position of the verb's key. */
  readonly at: Position;
  /** One line for people: the step's own `title:`, or else what it does ("oc get pods"). */
  readonly title: string;
  /** The step's own YAML lines, dedented, for reports. */
  readonly yaml: string;
  /** The maximum wait, in milliseconds; absent if nothing is waited for. */
  readonly within?: number;
  /** How the guide clicks it in the web console; absent if it does not, or if the verb can't be clicked. */
  readonly console?: true | 'form' | 'yaml' | 'import';
  /** Releases on which the step is known to differ from the guide. */
  readonly drift?: readonly Drift[];
}

/** A declared difference between the guide and a release. */
export interface Drift {
  /** `2.5`, or `2.5+` for it and those listed after it. */
  readonly releases: string;
  readonly because: string;
  /** How long to wait for what is known not to happen, in milliseconds. */
  readonly within?: number;
  /** For an operator: the channel used instead of the guide's. Without one, the step is known to fail. */
  readonly channel?: string;
  readonly at: Position;
}

export type BrowserName = 'firefox' | 'chromium';

/** An expectation on text. `source` is what the YAML says, for messages. */
export type TextExpectation =
  | { readonly kind: 'contains'; readonly text: string; readonly at: Position }
  | { readonly kind: 'equals'; readonly text: string; readonly at: Position }
  | { readonly kind: 'pattern'; readonly pattern: string; readonly at: Position }
  | { readonly kind: 'like'; readonly sample: string; readonly at: Position }
  | { readonly kind: 'table'; readonly rows: readonly TableRow[]; readonly at: Position };

export interface TableRow {
  readonly cells: Readonly<Record<string, string>>;
  /** How many rows must match; at least one if absent. */
  readonly count?: number;
  readonly at: Position;
}

/** A subset of an object (strings `/…/` are patterns, list items match in any order), or a CEL expression over `object`. */
export type ObjectExpectation =
  | { readonly kind: 'subset'; readonly subset: JsonValue; readonly at: Position }
  | { readonly kind: 'cel'; readonly expression: string; readonly at: Position };

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export interface Manifest {
  readonly object: { readonly [key: string]: JsonValue };
  readonly at: Position;
}

/** A kind as people write it (`deployment`, `smcp`, `routes.route.openshift.io`); resolved by discovery. */
export type ObjectKind = string;

export interface ObjectReference {
  readonly kind: ObjectKind;
  readonly name: string;
  readonly namespace?: string;
}
