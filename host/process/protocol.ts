/** Requests of clients to the host process: one JSON document per line, each answered under its own id. */

import type { Answers, AskedRequest } from '../../model/answers.ts';
import type { Failure, RunContext } from '../../model/evidence.ts';
import type { Figures } from '../../model/lab.ts';
import type { ClickRequest, Clicks, Entry, StepOutcome } from '../session-types.ts';

/** Identifies a session by project and lab. */
export interface SessionName {
  readonly project: string;
  /** The lab's directory. */
  readonly lab: string;
}

export interface ExerciseName extends SessionName {
  /** The section's YAML file. */
  readonly file: string;
  /** Counted from 0 within the section. */
  readonly exercise: number;
}

export interface SessionInfo {
  readonly lab: RunContext['lab'];
  readonly cluster: RunContext['cluster'];
  /** Name of the release in the lab's `releases.yaml`. */
  readonly release: string;
  readonly figures: Figures;
  readonly proxy?: string;
  /** Address of the web console in which browsers click. */
  readonly console?: string;
  readonly kubeconfig: string;
  /** Only for a sandbox: what a user or a script needs to use it by hand. */
  readonly sandbox?: {
    readonly token: string;
    /** Of the same user, `admin`. */
    readonly password: string;
    readonly developerPassword: string;
    /** Of a user without administrator rights. */
    readonly developerKubeconfig: string;
    readonly appsDomain: string;
    /** Process whose end stops the sandbox. */
    readonly pid: number;
    /** For a shell in which the guide's commands work as printed. */
    readonly env: Readonly<Record<string, string>>;
  };
}

/** Every method: its parameters and its answer. */
export interface HostMethods {
  open: { params: SessionName; result: SessionInfo };
  /** `shown`: digest of all steps up to the end of the exercise, as the client has read them; absent if it shows none. */
  enter: { params: ExerciseName & { readonly shown?: string }; result: Entry };
  /** What a browser is to click in the web console before `play`. `shown`: as for `play`. */
  clicks: { params: ExerciseName & { readonly step: number; readonly shown: string }; result: ClickRequest };
  /** `shown`: digest of the step, as the client has read it. `clicked`: what the browser has done for it in the web console. */
  play: {
    params: ExerciseName & { readonly step: number; readonly shown: string; readonly clicked?: Clicks };
    result: StepOutcome;
  };
  /** The failure, with inconsistencies found on the cluster. */
  explain: { params: SessionName & { readonly failure: Failure }; result: Failure };
  expand: { params: SessionName & { readonly text: string }; result: string };
  /** Which pods answered these requests of an exercise, according to the proxies' access logs. */
  answers: { params: SessionName & { readonly asked: readonly AskedRequest[] }; result: Answers };
  /** Answered only by the error that says why the cluster ended unexpectedly. */
  lost: { params: SessionName; result: never };
  sessions: {
    params: Record<string, never>;
    result: readonly { readonly name: SessionName; readonly info: SessionInfo }[];
  };
  stop: { params: Record<string, never>; result: true };
}
export type Method = keyof HostMethods;

export interface Request {
  readonly id: number;
  readonly method: Method;
  readonly params: HostMethods[Method]['params'];
}

export type Reply =
  | { readonly id: number; readonly result: HostMethods[Method]['result'] }
  | {
      readonly id: number;
      readonly error: { readonly code: string; readonly message: string; readonly next?: string };
    };
