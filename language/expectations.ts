/** Raw expectations → typed ones, each with its position. */
import type { Document, Path } from './document.ts';
import type { JsonValue, ObjectExpectation, PageExpectation, TableRow, TextExpectation } from './lab.ts';
import type {
  RawBrowserPage,
  RawPage,
  RawTable,
  TextExpectation as RawText,
  TextExpectations,
} from './schema.generated.ts';

export function textExpectations(
  document: Document,
  path: Path,
  raw: TextExpectations | undefined,
): readonly TextExpectation[] {
  if (raw === undefined) return [];
  if (!Array.isArray(raw)) return [textExpectation(document, path, raw)];
  return raw.map((item, index) => textExpectation(document, [...path, index], item));
}

/** `/…/` is a pattern, other text is contained. */
export function textExpectation(document: Document, path: Path, raw: RawText): TextExpectation {
  const at = document.at(path);
  if (typeof raw === 'string') return patternOr(raw, (text) => ({ kind: 'contains', text, at }), at);
  if ('like' in raw) return { kind: 'like', sample: raw.like, at: document.at([...path, 'like'], 'key') };
  if ('equals' in raw) return { kind: 'equals', text: raw.equals, at: document.at([...path, 'equals'], 'key') };
  return {
    kind: 'table',
    rows: tableRows(document, [...path, 'table'], raw),
    at: document.at([...path, 'table'], 'key'),
  };
}

/** A page's title is compared as a whole: `v1` must not be content with `v10`. */
function titleExpectation(document: Document, path: Path, raw: string): TextExpectation {
  const at = document.at(path);
  return patternOr(raw, (text) => ({ kind: 'equals', text, at }), at);
}

function patternOr(
  raw: string,
  otherwise: (text: string) => TextExpectation,
  at: TextExpectation['at'],
): TextExpectation {
  const pattern = /^\/(.+)\/$/s.exec(raw)?.[1];
  return pattern === undefined ? otherwise(raw) : { kind: 'pattern', pattern, at };
}

function tableRows(document: Document, path: Path, raw: RawTable): readonly TableRow[] {
  return raw.table.map((row, index) => {
    const { count, ...cells } = row;
    const values = Object.fromEntries(Object.entries(cells).map(([column, value]) => [column, String(value)]));
    return { cells: values, ...(typeof count === 'number' ? { count } : {}), at: document.at([...path, index]) };
  });
}

export function objectExpectation(document: Document, path: Path, raw: object): ObjectExpectation {
  if ('cel' in raw && typeof raw.cel === 'string' && Object.keys(raw).length === 1)
    return { kind: 'cel', expression: raw.cel, at: document.at([...path, 'cel']) };
  return { kind: 'subset', subset: raw as JsonValue, at: document.at(path, 'key') };
}

export function pageExpectations(document: Document, path: Path, raw: RawPage | undefined): readonly PageExpectation[] {
  if (raw === undefined) return [];
  const { firefox, chromium, ...common } = raw;
  const all: PageExpectation[] = [];
  if (Object.keys(common).length > 0) all.push(pageExpectation(document, path, common));
  if (firefox !== undefined)
    all.push({ browser: 'firefox', ...pageExpectation(document, [...path, 'firefox'], firefox) });
  if (chromium !== undefined)
    all.push({ browser: 'chromium', ...pageExpectation(document, [...path, 'chromium'], chromium) });
  return all;
}

function pageExpectation(document: Document, path: Path, raw: RawBrowserPage): PageExpectation {
  return {
    ...(raw.title === undefined ? {} : { title: titleExpectation(document, [...path, 'title'], raw.title) }),
    text: textExpectations(document, [...path, 'text'], raw.text),
    ...(raw.status === undefined ? {} : { status: raw.status }),
    at: document.at(path, 'key'),
  };
}
