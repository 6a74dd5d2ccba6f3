/** What a step may use. `host/` implements the terminal and the API, `fixtures/` the page. */

import type { ClusterApi } from '../kube/types.ts';
import type { AskedRequest } from '../model/answers.ts';
import type { Observation } from '../model/evidence.ts';
import type { BrowserName, Figures } from '../model/lab.ts';

/** The lab's shell: working directory and variables persist between steps, as for a student. */
export interface Terminal {
  /**
   * @throws {StepFailure} `LW-TERMINAL-TIMEOUT` if the command takes longer than the deadline, `LW-TERMINAL-ENDED` if the shell is
   * gone.
   */
  run(command: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<CommandResult>;
  /** Expands the shell's variables in `text`, as inside double quotes. */
  expand(text: string): Promise<string>;
  /** The current namespace of the terminal's kubeconfig (`oc project`). */
  namespace(): Promise<string>;
}

export interface CommandResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly directory: string;
}

/** For verbs that act on or look at the cluster; lives in the host process. */
export interface ClusterContext {
  readonly terminal: Terminal;
  readonly api: ClusterApi;
  readonly figures: Figures;
  /** Image of the temporary pods that `call` creates. */
  readonly callImage: string;
  readonly signal: AbortSignal;
  observe(observation: Observation): void;
}

/** For verbs that need a browser; lives in the Playwright worker. */
export interface BrowserContext {
  readonly page: Page;
  readonly browser: BrowserName;
  readonly figures: Figures;
  expand(text: string): Promise<string>;
  observe(observation: Observation): void;
  /** Notes a request, so that the proxies are asked afterwards who answered it. */
  asked(request: Asked): void;
  /** Keeps a picture with the evidence. @returns the name under which it is kept. */
  keepScreenshot(png: Uint8Array): Promise<string>;
}

/** A request as the browser knows it. */
export type Asked = Pick<AskedRequest, 'id' | 'userAgent' | 'value'> & { readonly url: string };

/** What steps need of a browser's page; `fixtures/` makes it from Playwright's. */
export interface Page {
  /** Opens `url`, bypassing caches. @throws if there is no page to show (refused, no such host). */
  /** Waits at most `timeoutMs`, and never longer than a person would. */
  open(url: string, timeoutMs?: number): Promise<{ status: number; requestId?: string }>;
  reload(): Promise<{ status: number; requestId?: string }>;
  fill(selector: string, value: string, timeoutMs: number): Promise<void>;
  click(selector: string, timeoutMs: number): Promise<void>;
  /** Resolves true when the document changes, false if it has not within `timeoutMs`. */
  nextChange(timeoutMs: number): Promise<boolean>;
  title(): Promise<string>;
  /** Visible text. */
  text(): Promise<string>;
  url(): string;
  userAgent(): Promise<string>;
  screenshot(): Promise<Uint8Array>;
  /**
   * `count` requests to the page's own address from inside the page, never cached, `concurrency` at a time.
   * @returns per response, in the order of the requests: status, the document's title, and the header asked for.
   */
  fetchMany(
    url: string,
    count: number,
    concurrency: number,
    header: string | undefined,
  ): Promise<readonly FetchedResponse[]>;
}

export interface FetchedResponse {
  readonly status: number;
  readonly title: string;
  readonly header: string;
  /** Of the answer, where it carries one. */
  readonly requestId?: string | undefined;
}
