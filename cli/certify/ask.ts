/** Asks the person at the terminal. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/**
 * @param echo whether the answer is shown while it is typed.
 * @returns undefined if nobody is at the terminal.
 */
export async function askFor(question: string, echo: 'shown' | 'hidden'): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const output = echo === 'shown' ? process.stderr : silent;
  const reader = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return (await reader.question('')).trim();
  } finally {
    reader.close();
    if (echo === 'hidden') process.stderr.write('\n');
  }
}
