export interface Program {
  readonly name: string;
  readonly commands: readonly string[];
  readonly package: string;
  readonly browser?: 'chromium' | 'firefox';
  /** Needed only if the embedded sandbox runs. */
  readonly sandbox?: boolean;
  readonly why: string;
}
export const PROGRAMS: readonly Program[];
export function findCommand(...commands: string[]): string | undefined;
export function findEnvoy(): string | undefined;
export function namedEnvoy(): string | undefined;
export function hasPlaywrightBrowser(browser: 'chromium' | 'firefox'): boolean;
export function missingPrograms(): Program[];
