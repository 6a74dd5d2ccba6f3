/** Generated values of a template's parameters: `from: 'key-[a-f0-9]{8}'`. */
import { randomInt } from 'node:crypto';

/** A template that cannot be processed. Its message is that of OpenShift's template API. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
const SYMBOLS = '~!@#$%^&*()-_+={}[]\\|<,>.?/"\';:`';
const CLASSES: ReadonlyMap<string, string> = new Map([
  ['\\w', `${LETTERS}${DIGITS}_`],
  ['\\d', DIGITS],
  ['\\a', LETTERS + DIGITS],
  ['\\A', SYMBOLS],
]);

/** A set of characters, and how many of them. */
const PART = /\[([a-zA-Z0-9\-\\]+)\]\{(\d+)\}/g;
const LONGEST = 255;

/** @throws {TemplateError} for an invalid set, or a length outside 1 to 255. */
export function generate(expression: string): string {
  return expression.replace(PART, (_, set: string, count: string) => {
    const length = Number(count);
    if (length < 1 || length > LONGEST)
      throw new TemplateError(`range must be within [1-${LONGEST}] characters (${length})`);
    const alphabet = alphabetOf(set);
    return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
  });
}

function alphabetOf(set: string): readonly string[] {
  const parts = set.match(/\\[a-zA-Z]|[a-zA-Z0-9]-[a-zA-Z0-9]|[a-zA-Z0-9]/g) ?? [];
  const characters = parts.flatMap((part) => [...(CLASSES.get(part) ?? rangeOf(part))]);
  if (characters.length === 0) throw new TemplateError(`malformed expresion syntax: [${set}]`);
  return [...new Set(characters)];
}

function rangeOf(part: string): string {
  const [from = '', , to = from] = part;
  const all = LETTERS + DIGITS;
  const [first, last] = [all.indexOf(from), all.indexOf(to)];
  if (first < 0 || last < first) throw new TemplateError(`invalid range specified: ${from}-${to}`);
  return all.slice(first, last + 1);
}
