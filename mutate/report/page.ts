/** The results as one self-contained HTML page: an overview, and the viewer of the mutation testing elements. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { escaped, OVERVIEW_STYLE } from './overview.ts';
import type { MutationReport } from './schema.ts';

/** @param title the lab's title and the result. @param overview HTML shown above the viewer. */
export function mutationPage(report: MutationReport, title: string, overview: string): string {
  const element = createRequire(import.meta.url).resolve('mutation-testing-elements/dist/mutation-test-elements.js');
  // Inside a script element, only `</script` and `<!--` have a special meaning.
  const document = JSON.stringify(report).replaceAll('<', '\\u003c');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${OVERVIEW_STYLE}</style>
<script>${readFileSync(element, 'utf8')}</script>
</head>
<body>
${overview}
<mutation-test-report-app title-postfix="with the mistakes made in them"></mutation-test-report-app>
<script>document.querySelector('mutation-test-report-app').report = ${document};</script>
</body>
</html>
`;
}
