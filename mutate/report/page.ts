/** The results as one HTML page that needs nothing else: the viewer of the mutation testing elements with the report in it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { MutationReport } from './schema.ts';

/** @param title of the lab, with what came out. */
export function mutationPage(report: MutationReport, title: string): string {
  const element = createRequire(import.meta.url).resolve('mutation-testing-elements/dist/mutation-test-elements.js');
  // Inside a script element, only `</script` and `<!--` are more than text.
  const document = JSON.stringify(report).replaceAll('<', '\\u003c');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<script>${readFileSync(element, 'utf8')}</script>
</head>
<body>
<mutation-test-report-app title-postfix="${escaped(title)}"></mutation-test-report-app>
<script>document.querySelector('mutation-test-report-app').report = ${document};</script>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
