/** `/…/`: a pattern in place of a text. */

/** @returns the text between the slashes; undefined if `text` is not a pattern. */
export function patternOf(text: string): string | undefined {
  return /^\/([\s\S]+)\/$/.exec(text)?.[1];
}

/** Line by line: `^` and `$` match at line ends. */
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
