/** `kubectl logs`: the last lines of a container's log, the lines since a time, or new lines. */
import type { ServerResponse } from 'node:http';
import type { ContainerRunner } from '../container.ts';
import type { LogLine } from '../container-log.ts';
import type { PodWorker } from '../pod-worker.ts';

export async function writeLog(
  runner: ContainerRunner,
  worker: PodWorker,
  query: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const previous = query.get('previous') === 'true';
  const log = runner.log(previous);
  if (log === undefined) {
    const { waiting } = runner.status.state;
    const what = `container "${runner.container.name}" in pod "${worker.pod.metadata.name}"`;
    const why = previous
      ? `previous terminated ${what} not found`
      : `${what} is waiting to start: ${waiting?.reason ?? 'ContainerCreating'}`;
    response.writeHead(400, { 'content-type': 'text/plain' });
    response.end(why);
    return;
  }
  const timestamps = query.get('timestamps') === 'true';
  const format = ({ time, text }: LogLine): string => `${timestamps ? `${time} ` : ''}${text}\n`;
  response.writeHead(200, { 'content-type': 'text/plain' });
  const following = query.get('follow') === 'true' && !log.ended;
  // Start listening before reading, so that no line is missed.
  let waiting: LogLine[] | undefined = [];
  const stop = following
    ? log.onLine(
        (line) => {
          if (waiting === undefined) response.write(format(line));
          else waiting.push(line);
        },
        () => response.end(),
      )
    : () => undefined;
  response.once('close', stop);
  const seen = await log.read();
  const chosen = choose(seen, query);
  const limit = Number(query.get('limitBytes') ?? Number.POSITIVE_INFINITY);
  response.write(chosen.map(format).join('').slice(0, limit));
  const last = seen.at(-1)?.time ?? '';
  for (const line of waiting) if (line.time > last) response.write(format(line));
  waiting = undefined;
  if (!following || log.ended) response.end();
}

function choose(lines: readonly LogLine[], query: URLSearchParams): readonly LogLine[] {
  const seconds = query.get('sinceSeconds');
  const since = seconds === null ? query.get('sinceTime') : new Date(Date.now() - Number(seconds) * 1000).toISOString();
  const after = since === null ? lines : lines.filter(({ time }) => Date.parse(time) >= Date.parse(since));
  const tail = query.get('tailLines');
  if (tail === null || Number(tail) < 0) return after;
  return Number(tail) === 0 ? [] : after.slice(-Number(tail));
}
