/** Runs in a calling pod. Each line of standard input is a question as JSON; each answer is a line of output, in any order. */
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { Question, RawAnswer } from '../question.ts';

const TIMEOUT_MS = 20_000;
const kept = new Agent({ keepAlive: true });

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, question } = JSON.parse(line) as { id: number; question: Question };
  const asked = question.tcp === true ? overTcp(question) : overHttp(question);
  const began = performance.now();
  void asked.then((answer) => {
    process.stdout.write(
      `${JSON.stringify({ id, answer: { ...answer, ms: Math.round(performance.now() - began) } })}\n`,
    );
  });
});

function overHttp({ url, at, method = 'GET', headers = {}, keep = false }: Question): Promise<RawAnswer> {
  const { hostname, port, pathname, search, host } = new URL(url);
  return new Promise((resolve) => {
    const asked = request({
      host: at ?? hostname,
      port: port === '' ? 80 : Number(port),
      method,
      // Paths are sent as written; URL would normalize them.
      path: url.slice(url.indexOf(host) + host.length) || `${pathname}${search}`,
      headers: { host, ...headers },
      agent: keep ? kept : false,
      timeout: TIMEOUT_MS,
    });
    asked.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      response.on('error', (error) => resolve({ error: codeOf(error) }));
    });
    asked.on('timeout', () => asked.destroy(new Error('timeout')));
    asked.on('error', (error) => resolve({ error: codeOf(error) }));
    asked.end();
  });
}

/** @returns what a server sends on a plain TCP connection. */
function overTcp({ url, at }: Question): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let body = '';
    const socket = connect({ host: at ?? hostname, port: Number(port) }, () => socket.write('who\n'));
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('timeout')));
    socket.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    socket.on('end', () => resolve(body === '' ? { error: 'closed' } : { body }));
    socket.on('error', (error) => resolve({ error: codeOf(error) }));
  });
}

function codeOf(error: Error & { code?: string }): string {
  return error.code ?? error.message;
}
