/**
 * The typed lab: what `loadLab` makes of the YAML, and all that the rest of the project knows of it.
 *
 * Durations are milliseconds, shares are fractions (0.8 for `80%`), paths are absolute. Every node that can fail
 * carries the position it was written at, so that a failure can point at the YAML.
 */

/** Where something was written. Lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Lab {
  /** The folder's name, e.g. `openshift-service-mesh`; what `certify` is given. */
  readonly name: string;
  readonly title: string;
  readonly directory: string;
  /** `lab.yaml`. */
  readonly file: string;
  readonly sections: readonly Section[];
  /** Where the lab knowingly differs from the printed guide, with the reason. */
  readonly departures: readonly Departure[];
  /** What the lab changes though somebody else made it; put back on a real cluster. */
  readonly changes: readonly DeclaredChange[];
  /** Number of the section from which on each browser plays for itself where browsers share a cluster; 1: all. */
  readonly eachBrowserFrom: number;
  readonly releases: readonly Release[];
  /** Beginnings of versions on which the guide can't be followed, with the reason. */
  readonly refuses: Readonly<Record<string, string>>;
  /** Git repositories the guide clones, and the folder that holds the same files; the sandbox serves these. */
  readonly repositories: readonly Repository[];
  /** The lab's `images.yaml`: which program an image reference runs on the sandbox. */
  readonly images: string;
  /** Image of the throw-away pods that `call` makes; it must hold `sh` and `curl`. */
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

/** A named OpenShift + Service Mesh pair; `figures` is what `${release.…}` reads. */
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
  /** Set when the guide does not ask for this exercise: why the lab has it. */
  readonly beyondTheGuide?: string;
  /** Parts of the guide that are not played here, with the reason. */
  readonly skipped: readonly { readonly what: string; readonly reason: string }[];
  readonly steps: readonly Step[];
}

/** What all steps have, whatever their verb; each verb's own fields are known to its file under `steps/`. */
export interface Step {
  readonly verb: string;
  /** Position of the verb's key. */
  readonly at: Position;
  /** One line for people: the step's own `title:`, or else what it does ("oc get pods"). */
  readonly title: string;
  /** The step's own YAML lines, dedented, for reports. */
  readonly yaml: string;
  /** How long is waited at most, in milliseconds; absent where nothing is waited for. */
  readonly within?: number;
  /** Releases on which the guide's words are known not to fit. */
  readonly drift?: readonly Drift[];
}

/** A declared difference between the guide and a release. */
export interface Drift {
  /** `2.5`, or `2.5+` for it and those listed after it. */
  readonly releases: string;
  readonly because: string;
  /** How long what is known not to come is waited for, in milliseconds. */
  readonly within?: number;
  /** Of an operator: the channel taken in the place of the guide's. Without one the step is known not to hold. */
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
  /** How many rows must match; at least one when absent. */
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
