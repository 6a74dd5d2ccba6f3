/**
 * Where answers differ, by path, and why. Everything not listed here is compared. Left out of all answers because they change on
 * every run: uids, versions, times, ages, addresses of Services, node ports, generated endings of names, continue tokens; and
 * `managedFields`, whose order and times are up to the server.
 */

export interface Difference {
  /** Paths as the test prints them; each must still differ. */
  readonly paths: readonly string[];
  readonly because: string;
}

/** In every answer. */
export const IGNORED: readonly { readonly path: RegExp; readonly because: string }[] = [
  {
    path: /columnDefinitions\[\d+\]\.description$/,
    because: 'descriptions of columns, which change between versions',
  },
  { path: /template\.metadata\.creationTimestamp$/, because: 'written as null until 1.33' },
  {
    path: /^body(\.items\[\d+\])?\.spec\.(securityContext\.seLinuxOptions|containers\[\d+\]\.securityContext)$/,
    because: "OpenShift's admission writes a constraint's level and rights into pods",
  },
];

const GO = "refused by both; the words are of Go's JSON parser";
const NEWER = 'defaults of newer versions than the one ours says it is (1.21)';
const ZEROS = 'ours leaves counts of zero to the controller, which writes them at once';
const WORDS = 'refused by both, in other words';

const POD_GENERATION: readonly Difference[] = [
  { paths: ['body.metadata.generation'], because: 'Pods count their generation only since 1.33' },
];

/** A refusal with the right code and reason, but a different message. */
function message(because: string, ...more: readonly string[]): readonly Difference[] {
  return [{ paths: ['body.message', ...more], because }];
}

/** By scenario and call. */
export const KNOWN: Readonly<Record<string, readonly Difference[]>> = {
  'crud: create from malformed JSON': message(GO),
  'crud: create from nothing': message(GO),
  'crud: get a group that is not there': [
    { paths: ['body'], because: 'the sandbox answers with a Status, the real server with plain text' },
  ],
  'crud: patch with another content type': message('ours names the types it takes, with the same code', 'body.details'),
  'crud: as a table': [
    {
      paths: ['body.columnDefinitions[1].type'],
      because: 'the real server declares the number in the column DATA as a string',
    },
  ],
  'finalizers: a finalizer more while it is deleted': [
    { paths: ['body.details.causes'], because: 'the real server lists the cause twice' },
  ],
  'lists: by a wrong label selector': message(WORDS),
  'lists: with a wrong continue token': message('the real token is of another form'),
  'defaults: a Pod': POD_GENERATION,
  'defaults: a Pod with resources': [
    ...POD_GENERATION,
    { paths: ['warnings'], because: 'the sandbox warns of fields without effect' },
  ],
  'defaults: a Pod with probes': POD_GENERATION,
  'defaults: a Pod with volumes': POD_GENERATION,
  'defaults: a StatefulSet': [
    { paths: ['body.spec.persistentVolumeClaimRetentionPolicy'], because: NEWER },
    { paths: ['body.status.availableReplicas', 'body.status.replicas'], because: ZEROS },
  ],
  'defaults: a DaemonSet': [
    {
      paths: ['currentNumberScheduled', 'desiredNumberScheduled', 'numberMisscheduled', 'numberReady'].map(
        (count) => `body.status.${count}`,
      ),
      because: ZEROS,
    },
  ],
  'defaults: a ReplicaSet': [{ paths: ['body.status.replicas'], because: ZEROS }],
  'defaults: a Job': [{ paths: ['body.spec.podReplacementPolicy'], because: NEWER }],
  'refusals: a field twice, strictly': [
    {
      paths: [
        'status',
        'body.code',
        'body.kind',
        'body.message',
        'body.metadata.creationTimestamp',
        'body.metadata.name',
        'body.metadata.namespace',
        'body.metadata.uid',
        'body.reason',
        'body.status',
      ],
      because: 'gap: the second value counts, as without strictness',
    },
  ],
  'changes: make a Pod': POD_GENERATION,
  'changes: status alone': POD_GENERATION,
  'changes: Pods as a table': [
    { paths: ['body.rows[0].object.metadata.generation'], because: 'Pods count their generation only since 1.33' },
  ],
  'changes: its spec is for good': message(
    'the real server adds a diff of internal field names',
    'body.details.causes[0].message',
  ),
  'changes: logs of a Pod without a node': [
    {
      paths: ['status', 'body'],
      because: 'the real server answers 204 without a body, the sandbox that there is no node',
    },
  ],
  'extension: make a kind': [
    {
      paths: ['body.status.acceptedNames', 'body.status.conditions', 'body.status.storedVersions'],
      because: 'on a dry run, the real server shows the status from before its controllers handled the kind',
    },
  ],
  'extension: make a kind without a schema': message('ours adds what is missing', 'body.details.causes[0].message'),
};
