#!/usr/bin/env node
/**
 * `node setup/run-tests.js PATTERN…` runs test files with node:test, in the order of the patterns: slow ones come first, so that
 * none is left alone at the end. Tests that start real parts spend much of their time waiting, so one more file runs at once than
 * there are cores. With LABWRIGHT_COUNTS it also writes the counts to that file (see count.js).
 */
import { createWriteStream, globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import count from './count.js';

const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => ended.abort());

const files = new Set(process.argv.slice(2).flatMap((pattern) => globSync(pattern).sort()));
const tests = run({ files: [...files], concurrency: availableParallelism() + 1, signal: ended.signal });
tests.on('test:fail', ({ todo }) => {
  if (todo === undefined || todo === false) process.exitCode = 1;
});
tests.compose(new spec()).pipe(process.stdout);
const counts = process.env.LABWRIGHT_COUNTS;
if (counts !== undefined) tests.compose(count).pipe(createWriteStream(counts));
