/** The result of the last `labwright mutate` for the lab, from the `mutation.json` in the reports. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Ajv } from 'ajv';

const PAGE = 'mutation.html';

export interface MutationResult {
  readonly caught: number;
  /** Mistakes that make a difference. */
  readonly mistakes: number;
  /** How many mistakes are possible in the lab, if the report covers only some of them. */
  readonly possible?: number;
  /** Name of the page that shows them, where it lies beside the report. */
  readonly page?: string;
  /** When the report was written: ISO 8601. */
  readonly madeAt: string;
  /** Whether a file that it shows reads differently now; undefined if one of them is not on this machine. */
  readonly changedSince: boolean | undefined;
}

/** The part of the mutation testing elements' report schema that is read here. */
interface Report {
  readonly projectRoot: string;
  readonly config?: { readonly possible: number };
  readonly files: Readonly<Record<string, Source & { readonly mutants: readonly { readonly status: string }[] }>>;
  readonly testFiles: Readonly<Record<string, Source>>;
}

interface Source {
  readonly source: string;
}

const source = { source: { type: 'string' } };
const mutant = { type: 'object', required: ['status'], properties: { status: { type: 'string' } } };
const file = {
  type: 'object',
  required: ['source', 'mutants'],
  properties: { ...source, mutants: { type: 'array', items: mutant } },
};
const isReport = new Ajv().compile<Report>({
  type: 'object',
  required: ['projectRoot', 'files', 'testFiles'],
  properties: {
    projectRoot: { type: 'string' },
    config: { type: 'object', required: ['possible'], properties: { possible: { type: 'integer' } } },
    files: { type: 'object', additionalProperties: file },
    testFiles: {
      type: 'object',
      additionalProperties: { type: 'object', required: ['source'], properties: source },
    },
  },
});

/**
 * @param path of a `mutation.json`.
 * @param lab the lab's name, which is that of its folder.
 * @returns undefined if there is no such report, or it is of another lab.
 */
export function readMutation(path: string, lab: string): MutationResult | undefined {
  const report = parse(readText(path));
  if (report === undefined) return undefined;
  const sections = Object.keys(report.testFiles);
  if (sections.length === 0 || sections.some((name) => basename(dirname(name)) !== lab)) return undefined;
  const statuses = Object.values(report.files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const possible = report.config?.possible ?? statuses.length;
  return {
    ...(possible > statuses.length ? { possible } : {}),
    ...(existsSync(join(dirname(path), PAGE)) ? { page: PAGE } : {}),
    caught: statuses.filter((status) => status === 'Killed' || status === 'Timeout').length,
    mistakes: statuses.filter((status) => status !== 'Ignored').length,
    madeAt: statSync(path).mtime.toISOString(),
    changedSince: hasChanged(report),
  };
}

function hasChanged({ projectRoot, files, testFiles }: Report): boolean | undefined {
  const now = Object.entries({ ...files, ...testFiles }).map(([name, { source: then }]) => {
    const text = readText(resolve(projectRoot, name));
    return text === undefined ? undefined : text !== then;
  });
  return now.includes(true) ? true : now.includes(undefined) ? undefined : false;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function parse(text: string | undefined): Report | undefined {
  if (text === undefined) return undefined;
  try {
    const document: unknown = JSON.parse(text);
    return isReport(document) ? document : undefined;
  } catch {
    return undefined;
  }
}
