/** JSON Schemas of `model/evidence.ts` and `model/plan.ts`. Unknown keys are accepted: new optional keys need no new version. */

const text = { type: 'string' } as const;
const count = { type: 'integer', minimum: 0 } as const;
const amount = { type: 'number' } as const;

function object(required: object, optional: object = {}): object {
  return { type: 'object', required: Object.keys(required), properties: { ...required, ...optional } };
}
function list(items: object): object {
  return { type: 'array', items };
}

const position = object({ file: text, line: count, column: count });

const failure = object(
  { code: text, message: text, at: position },
  { expected: text, actual: text, next: text, details: list(object({ title: text, text })) },
);

const alternative = object({ value: text, share: amount, against: amount });

const sampleTest = object(
  {
    rule: object({
      alternatives: list(alternative),
      wrongAt: amount,
      ruledOutAt: amount,
      cutOff: count,
      atCutOff: list(object({ value: text, from: count, to: count })),
      falseAlarm: amount,
      miss: amount,
    }),
    stoppedBy: { type: 'string', enum: ['right', 'wrong', 'unlisted', 'cut-off', 'nothing'] },
  },
  { against: alternative },
);

const answer = object(
  {
    step: count,
    requests: count,
    pod: text,
    by: { type: 'string', enum: ['app', 'proxy'] },
    status: count,
    through: list(text),
    matchedBy: text,
  },
  { value: text, mutualTls: { type: 'boolean' }, as: text, virtualService: text, route: text, flags: text },
);
const log = { type: 'string', enum: ['read', 'off', 'unreadable'] } as const;

export const answersSchema = object({
  version: count,
  log,
  answers: list(answer),
  missing: list(object({ step: count, requests: count })),
});

const observations: Readonly<Record<string, object>> = {
  command: object({
    command: text,
    exit: { type: 'integer' },
    stdout: text,
    stderr: text,
    directory: text,
    attempts: count,
  }),
  object: object({ title: text, object: {} }, { waitedMs: amount }),
  page: object({ url: text, title: text, status: count, text }, { requestId: text, screenshot: text }),
  sample: object(
    {
      url: text,
      requests: count,
      counts: list(object({ value: text, count, expectedShare: amount }, { pValue: amount })),
      deviation: amount,
      error: amount,
    },
    { test: sampleTest },
  ),
  call: object(
    { url: text, from: text, outcome: text, output: text, attempts: count },
    { requestId: text, meaning: text, control: { type: 'boolean', const: true } },
  ),
  arrival: object(
    { rule: text, toldBy: { type: 'string', enum: ['proxies', 'requests'] }, message: text, waitedMs: amount },
    { generation: count },
  ),
  api: object({
    calls: list(
      object(
        { method: text, path: text, status: count, durationMs: amount },
        {
          object: text,
          refused: text,
          repeats: count,
          fields: list(object({ path: text, before: text, after: text })),
        },
      ),
    ),
  }),
  answers: object({ log, answers: list(answer), missing: count }),
  wait: object({ deadlineMs: { type: 'number', exclusiveMinimum: 0 }, takenMs: amount }),
  expectation: object({ what: text, expected: text, actual: text, held: { type: 'boolean' }, at: position }),
};

export const observationSchema = {
  type: 'object',
  required: ['kind'],
  properties: { kind: { enum: Object.keys(observations) } },
  allOf: Object.entries(observations).map(([kind, schema]) => ({
    if: { type: 'object', properties: { kind: { const: kind } } },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    then: schema,
  })),
};

const figureSource = object({
  basis: { type: 'string', enum: ['cluster', 'source', 'document', 'assumed'] },
  text,
  figures: list(object({ name: text, value: text })),
});

const run = object({
  lab: object({ name: text, title: text }),
  browser: object({ name: text }, { version: text }),
  cluster: object(
    {
      kind: { type: 'string', enum: ['sandbox', 'openshift'] },
      server: text,
      openshiftVersion: text,
      release: text,
    },
    {
      realParts: list(text),
      provenance: object(
        { repositories: list(text), images: list(object({ image: text, program: text })) },
        { figures: list(figureSource) },
      ),
    },
  ),
});

const consoleEvidence = {
  oneOf: [
    object({
      by: { type: 'string', const: 'clicks' },
      address: text,
      controls: list(object({ name: text, form: text })),
    }),
    object({ by: { type: 'string', const: 'api' }, why: text }),
  ],
};

export const evidenceSchema = object(
  {
    version: count,
    run,
    section: object({ number: count, title: text }),
    exercise: object({ index: count, title: text }, { beyondTheGuide: text }),
    step: object({ index: count, verb: text, title: text, yaml: text, at: position }),
    startedAt: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT' },
    durationMs: { type: 'number', minimum: 0 },
    outcome: { type: 'string', enum: ['passed', 'failed'] },
    observations: { type: 'array' },
  },
  {
    failure,
    playedFor: text,
    restsOn: list(text),
    assumed: list(text),
    withoutEffect: list(text),
    console: consoleEvidence,
    drift: object({ releases: text, because: text, shown: { type: 'boolean' } }, { instead: text, failure }),
  },
);

export const planSchema = object({
  version: count,
  lab: object({ name: text, title: text }),
  browsers: list(text),
  sections: list(object({ number: count, title: text, exercises: list(object({ title: text, steps: list(text) })) })),
  departures: list(object({ guide: text, lab: text, reason: text })),
  skipped: list(object({ section: count, what: text, reason: text })),
});
