/**
 * `--shard 1/2`: a part of a run for one machine. Sections build on each other, so a run is split by browser: the browsers share no
 * cluster state. Playwright's own sharding would cut between sections, and each part would first replay everything before it.
 */
import { CliError, EXIT } from '../failure.ts';

export interface Shard {
  /** Counted from 1. */
  readonly index: number;
  readonly total: number;
}

export const BROWSERS = ['firefox', 'chromium'] as const;

/** @throws {CliError} `LW-SHARD` if a lab can't be split that way. */
export function parseShard(text: string): Shard {
  const [, index = '', total = ''] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), total: Number(total) };
  if (shard.total > BROWSERS.length) {
    const message = `--shard ${text}: a lab is split by browser, into at most ${BROWSERS.length} parts. Its sections build on each other, so each further part would replay everything before it.`;
    throw new CliError(
      EXIT.usage,
      'LW-SHARD',
      message,
      'give other machines other releases or clusters: docs/nightly.md',
    );
  }
  if (shard.index < 1 || shard.index > shard.total) {
    throw new CliError(
      EXIT.usage,
      'LW-SHARD',
      `--shard ${text}: expected 1/${BROWSERS.length} to ${BROWSERS.length}/${BROWSERS.length}.`,
    );
  }
  return shard;
}

/** The browser of a shard; undefined if there is only one shard. */
export function browserOf(shard: Shard): (typeof BROWSERS)[number] | undefined {
  return shard.total === 1 ? undefined : BROWSERS[shard.index - 1];
}
