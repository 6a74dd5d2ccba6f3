/** `/…/`: a pattern in the place of a text. */

/** @returns what stands between the slashes; undefined when `text` is no pattern. */
export function patternOf(text: string): string | undefined {
  return /^\/([\s\S]+)\/$/.exec(text)?.[1];
}

/** Line by line: `^` and `$` are the ends of a line. */
export function compilePattern(pattern: string): RegExp {
  return new RegExp(pattern.replace(/\$\{[\w-]+(?:\.[\w-]+)+\}/g, 'x'), 'm');
}

/** @returns why `pattern` can't be compiled. */
export function patternProblem(pattern: string): string | undefined {
  try {
    compilePattern(pattern);
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.replace(/^Invalid regular expression: \/[\s\S]*\/m: /, '');
  }
}
