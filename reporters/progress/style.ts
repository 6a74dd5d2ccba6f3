/** Colour on terminals without NO_COLOR (https://no-color.org). */
import { styleText } from 'node:util';

export type Style = (kind: 'good' | 'bad' | 'warn' | 'quiet' | 'strong', text: string) => string;

const FORMATS = { good: 'green', bad: 'red', warn: 'yellow', quiet: 'dim', strong: 'bold' } as const;

export function styleFor(stream: { isTTY?: boolean }, environment: NodeJS.ProcessEnv): Style {
  const forced = environment['FORCE_COLOR'] !== undefined && environment['FORCE_COLOR'] !== '0';
  const refused = environment['NO_COLOR'] !== undefined && environment['NO_COLOR'] !== '';
  const colour = !refused && (stream.isTTY === true || forced) && environment['TERM'] !== 'dumb';
  return (kind, text) => (colour ? styleText(FORMATS[kind], text, { validateStream: false }) : text);
}
