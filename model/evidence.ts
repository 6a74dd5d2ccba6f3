/**
 * What a step saw, as one JSON document: the only input of the reporters. It is attached to the Playwright test under
 * `EVIDENCE_NAME`, one attachment per step, and contains no secret (the host redacts before it answers).
 * Reporters read evidence of older runs, so a change of meaning needs a new `version`; new optional keys do not.
 */
import type { Answer, Answers } from './answers.ts';
import type { ConsoleEvidence } from './console.ts';
import type { Position } from './lab.ts';
import type { Provenance } from './provenance.ts';

/** Type of the annotation of a test that could not be played because of the machine or the cluster, not the lab. */
export const NOT_FIT = 'not fit';
export const EVIDENCE_NAME = 'labwright-evidence';
export const EVIDENCE_TYPE = 'application/vnd.labwright.step+json';
/** 2: a sample is judged by a sequential test (`test`); in 1 each count had a `pValue`. */
export const EVIDENCE_VERSION = 2;

export interface StepEvidence {
  readonly version: typeof EVIDENCE_VERSION;
  readonly run: RunContext;
  readonly section: { readonly number: number; readonly title: string };
  readonly exercise: { readonly index: number; readonly title: string; readonly beyondTheGuide?: string };
  readonly step: {
    readonly index: number;
    readonly verb: string;
    readonly title: string;
    readonly yaml: string;
    readonly at: Position;
  };
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly outcome: 'passed' | 'failed';
  readonly failure?: Failure;
  readonly observations: readonly Observation[];
  /** The browser for which it was played, if browsers share a cluster and it was another one. */
  readonly playedFor?: string;
  /** Imitated parts of the sandbox by which the step was judged, a sentence each; absent if there were none. */
  readonly restsOn?: readonly string[];
  /** Figures of the sandbox's release in what the step saw that are assumed, not known, a sentence each. */
  readonly assumed?: readonly string[];
  /** Fields of this step that the sandbox accepted without effect: `Deployment shop/web: spec.paused`. */
  readonly withoutEffect?: readonly string[];
  /** For a step that the guide clicks in the web console: whether it was clicked. Absent in evidence of older runs. */
  readonly console?: ConsoleEvidence;
  /** The drift that the lab declares for the step on this release. */
  readonly drift?: {
    readonly releases: string;
    readonly because: string;
    /** What was played in place of the guide's text; without it, the step is known to fail. */
    readonly instead?: string;
    /** Whether it occurred: the step failed as declared, or passed in its other form. */
    readonly shown: boolean;
    /** The failure that was declared; the step counts as passed. */
    readonly failure?: Failure;
  };
}

/** Where the run took place; the same in every step of one project. */
export interface RunContext {
  readonly lab: { readonly name: string; readonly title: string };
  /** No version if no step of the lab needs a browser: then none was started. */
  readonly browser: { readonly name: string; readonly version?: string };
  readonly cluster: {
    readonly kind: 'sandbox' | 'openshift';
    readonly server: string;
    readonly openshiftVersion: string;
    readonly release: string;
    /** Programs of the real control plane that a sandbox ran on: `kube-apiserver`, `istiod`. */
    readonly realParts?: readonly string[];
    readonly provenance?: Provenance;
  };
}

export interface Failure {
  /** A stable code such as `LW-EXPECT-TEXT`; `docs/errors.md` lists them. */
  readonly code: string;
  /** One sentence: what did not match. */
  readonly message: string;
  readonly expected?: string;
  readonly actual?: string;
  /** The expectation that failed, or the step. */
  readonly at: Position;
  /** What to look at or run next. */
  readonly next?: string;
  /** Conditions, events, log tails: collected when waiting timed out. */
  readonly details?: readonly { readonly title: string; readonly text: string }[];
}

export type Observation =
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly exit: number;
      readonly stdout: string;
      readonly stderr: string;
      readonly directory: string;
      readonly attempts: number;
    }
  | { readonly kind: 'object'; readonly title: string; readonly object: unknown; readonly waitedMs?: number }
  | {
      readonly kind: 'page';
      readonly url: string;
      readonly title: string;
      readonly status: number;
      readonly text: string;
      readonly requestId?: string;
      readonly screenshot?: string;
    }
  | {
      readonly kind: 'sample';
      readonly url: string;
      /** The requests that were judged: up to the one that crossed a boundary. */
      readonly requests: number;
      readonly counts: readonly SampleCount[];
      readonly deviation: number;
      readonly error: number;
      /** Since version 2. */
      readonly test?: SampleVerdict;
    }
  | {
      readonly kind: 'call';
      readonly url: string;
      readonly from: string;
      readonly outcome: string;
      readonly output: string;
      readonly attempts: number;
      /** What the outcome shows, if it is not an app's own answer. */
      readonly meaning?: string;
      /** The positive control of the call before it, sent at the same moment. */
      readonly control?: true;
      /** Sent as `x-request-id`, which proxies log and pass on. */
      readonly requestId?: string;
    }
  /** What went through the API of a shared cluster: changes, refusals, and reads that had to be repeated. */
  | {
      readonly kind: 'api';
      readonly calls: readonly {
        readonly method: string;
        readonly path: string;
        readonly status: number;
        readonly durationMs: number;
        /** As kubectl names it. */
        readonly object?: string;
        /** Labwright's error code, if it was refused. */
        readonly refused?: string;
        readonly repeats?: number;
        /** For a change: what differs, as JSON; empty where a value is missing. */
        readonly fields?: readonly { readonly path: string; readonly before: string; readonly after: string }[];
      }[];
    }
  /** That all proxies of a mesh have a rule: reported by the mesh, or else shown by the step's requests. */
  | {
      readonly kind: 'arrival';
      readonly rule: string;
      readonly toldBy: 'proxies' | 'requests';
      readonly message: string;
      /** Of the rule as it arrived, if the mesh reported it. */
      readonly generation?: number;
      readonly waitedMs: number;
    }
  /** Who answered the step's requests, by the access logs of the mesh's proxies; reporters add it when they have read those. */
  | {
      readonly kind: 'answers';
      readonly log: Answers['log'];
      readonly answers: readonly Answer[];
      /** Requests that no proxy logged. */
      readonly missing: number;
    }
  /** What was waited for, and how close it came to its deadline. */
  | { readonly kind: 'wait'; readonly deadlineMs: number; readonly takenMs: number }
  | {
      readonly kind: 'expectation';
      readonly what: string;
      readonly expected: string;
      readonly actual: string;
      readonly held: boolean;
      readonly at: Position;
    };

export interface SampleCount {
  readonly value: string;
  readonly count: number;
  readonly expectedShare: number;
  /** In version 1 only: two-sided exact binomial test of this count against its expected share. */
  readonly pValue?: number;
}

/** The stopping rule that was fixed before the first request, and how the sample ended by it. */
export interface SampleVerdict {
  readonly rule: {
    /** The deviations, up and down, that must not pass. */
    readonly alternatives: readonly Alternative[];
    /** Likelihood ratio of an alternative to the stated share at which the split is wrong. */
    readonly wrongAt: number;
    /** Likelihood ratio at which an alternative is ruled out; the split is right when all are. */
    readonly ruledOutAt: number;
    /** Requests after which the counts in `atCutOff` decide. */
    readonly cutOff: number;
    readonly atCutOff: readonly { readonly value: string; readonly from: number; readonly to: number }[];
    /** Guaranteed: a correct split is reported as wrong with at most this probability. */
    readonly falseAlarm: number;
    /** Guaranteed: a split that deviates by an alternative or more passes with at most this probability. */
    readonly miss: number;
  };
  readonly stoppedBy: 'right' | 'wrong' | 'unlisted' | 'cut-off' | 'nothing';
  /** The alternative that the counts indicate, if the split was wrong. */
  readonly against?: Alternative;
}

interface Alternative {
  readonly value: string;
  readonly share: number;
  readonly against: number;
}
