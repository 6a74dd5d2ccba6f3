/**
 * Real pipes for the output of programs in pods. The pipes that Node creates are sockets, which Linux refuses to open by name:
 * `echo hi >/dev/stdout` or an access log at /dev/stdout would fail with ENXIO.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, constants, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface OutputPipes {
  /** For `spawn`: the program's ends of stdout and stderr. Close them with `handOver` once it has them. */
  readonly ends: readonly [number, number];
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Closes the program's ends here, so that its own end is the streams' end. */
  handOver(): void;
  /** Closes both ends: no program will use them. */
  close(): void;
}

/** @throws the error of `mkfifo`. */
export async function outputPipes(): Promise<OutputPipes> {
  const paths: [string, string] = [fifoPath(), fifoPath()];
  await run('mkfifo', ['-m', '600', ...paths]);
  try {
    const [out, err] = [open(paths[0]), open(paths[1])];
    const handOver = (): void => {
      closeSync(out.end);
      closeSync(err.end);
    };
    const close = (): void => {
      handOver();
      out.stream.destroy();
      err.stream.destroy();
    };
    return { ends: [out.end, err.end], stdout: out.stream, stderr: err.stream, handOver, close };
  } finally {
    // Once open, a pipe no longer needs its name.
    await Promise.all(paths.map((path) => rm(path, { force: true })));
  }
}

function fifoPath(): string {
  return join(tmpdir(), `.labwright-${randomUUID()}`);
}

function open(path: string): { stream: Readable; end: number } {
  // Without O_NONBLOCK, opening would wait for the other end; the program's end must block like any pipe.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const end = openSync(path, constants.O_WRONLY);
  return { stream: new Socket({ fd, readable: true, writable: false }), end };
}
