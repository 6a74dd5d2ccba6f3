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

export type Step = RunStep | ApplyStep | DeleteStep | OperatorStep | ReadyStep | BrowseStep | SampleStep | CallStep;
export type Verb = Step['verb'];

export interface StepBase {
  /** Position of the verb's key. */
  readonly at: Position;
  /** One line for people: the step's own `title:`, or else what it does ("oc get pods"). */
  readonly title: string;
  /** The step's own YAML lines, dedented, for reports. */
  readonly yaml: string;
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

/** `run` acts; `check` is the same but only looks: skipped on catch-up and repeated until it holds when `within` is given. */
export interface RunStep extends StepBase {
  readonly verb: 'run' | 'check';
  readonly command: string;
  /** The exit code the command must end with; 0 unless the lab says otherwise. */
  readonly exit: number;
  readonly expect: readonly TextExpectation[];
  readonly within?: number;
}

export interface ApplyStep extends StepBase {
  readonly verb: 'apply';
  readonly manifests: readonly Manifest[];
  /** A subset that the object must match as the server returned it. */
  readonly expect?: ObjectExpectation;
}

export interface DeleteStep extends StepBase {
  readonly verb: 'delete';
  readonly targets: readonly ObjectReference[];
  readonly within: number;
}

export interface OperatorStep extends StepBase {
  readonly verb: 'operator';
  readonly package: string;
  readonly channel: string;
  readonly source: string;
  readonly sourceNamespace: string;
  readonly namespace: string;
  readonly startingCsv?: string;
  readonly within: number;
}

export interface ReadyStep extends StepBase {
  readonly verb: 'ready';
  /** One or more named objects, or all that a label selector finds. */
  readonly target:
    | { readonly objects: readonly ObjectReference[] }
    | { readonly kind: ObjectKind; readonly namespace?: string; readonly selector: string; readonly count?: number };
  /** A CEL expression over `object`, for kinds whose readiness is not built in, or to ask for more. */
  readonly until?: string;
  readonly expect?: ObjectExpectation;
  readonly within: number;
}

export interface BrowseStep extends StepBase {
  readonly verb: 'browse';
  /** With shell variables, which the lab's terminal expands. */
  readonly url: string;
  readonly actions: readonly PageAction[];
  readonly expect: readonly PageExpectation[];
  readonly within: number;
}

export type PageAction =
  | { readonly do: 'fill'; readonly selector: string; readonly value: string; readonly at: Position }
  | { readonly do: 'click'; readonly selector: string; readonly at: Position }
  | { readonly do: 'reload'; readonly at: Position };

export interface PageExpectation {
  /** Only in this browser; in both when absent. */
  readonly browser?: BrowserName;
  readonly title?: TextExpectation;
  /** Of the page's visible text. */
  readonly text: readonly TextExpectation[];
  /** HTTP status of the page itself. */
  readonly status?: number;
  readonly at: Position;
}
export type BrowserName = 'firefox' | 'chromium';

export interface SampleStep extends StepBase {
  readonly verb: 'sample';
  readonly url: string;
  /** What each response is counted by. */
  readonly by:
    | { readonly kind: 'title' }
    | { readonly kind: 'status' }
    | { readonly kind: 'header'; readonly name: string };
  /** Value to share; the shares sum to 1. A value that is not listed must not occur at all. */
  readonly expect: readonly { readonly value: string; readonly share: number; readonly at: Position }[];
  /** The smallest deviation of a share that must be caught, as a fraction (0.1: 20% against 30%). */
  readonly deviation: number;
  /** Probability that a right split is called wrong, at most. */
  readonly error: number;
  /** Probability that a split which deviates by `deviation` is called right, at most; 1 in 2000 when absent. */
  readonly miss?: number;
}

export interface CallStep extends StepBase {
  readonly verb: 'call';
  /** `http://…` or `tcp://host:port`, as the pod would address it. */
  readonly url: string;
  readonly from: { readonly namespace: string; readonly sidecar: boolean };
  readonly headers: Readonly<Record<string, string>>;
  readonly expect: CallOutcome;
  readonly text: readonly TextExpectation[];
  readonly within: number;
}

/** An HTTP status, or how the connection ended. */
export type CallOutcome =
  | number
  | 'connected'
  | 'reset'
  | 'timeout'
  | 'no-such-host'
  | 'refused'
  | 'empty-reply'
  | 'other';

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
