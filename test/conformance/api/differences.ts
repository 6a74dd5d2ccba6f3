/**
 * Questions whose answers differ, each with the reason. Left out of all answers, since they are others each time: uids, versions, times,
 * addresses of Services, node ports, made-up endings of names, continue tokens; and `managedFields`, whose order and times are the server's own.
 */
/** Fields that are not compared, each with the reason. */
export const IGNORED: readonly { readonly path: RegExp; readonly because: string }[] = [
  {
    path: /columnDefinitions\[\d+\]\.description$/,
    because: 'texts about columns, which change from version to version',
  },
  {
    path: /^body(\.items\[\d+\]|\.rows\[\d+\]\.object)?\.metadata\.generation$/,
    because: 'Pods count their generation only since 1.33',
  },
  { path: /template\.metadata\.creationTimestamp$/, because: 'written as null until 1.33' },
];

const GO = "refused by both; the words are of Go's JSON parser";
const NEWER = 'defaults of newer versions than the one ours says it is (1.21)';
const ZEROS = 'ours leaves counts of zero to the controller, which writes them at once';

/** By scenario and question. */
export const KNOWN: Readonly<Record<string, string>> = {
  'crud: create from malformed JSON': GO,
  'crud: create from nothing': GO,
  'crud: get a group that is not there': 'ours answers a Status, the real one plain text',
  'crud: patch with another content type': 'ours names the types it takes, with the same code',
  'crud: as a table': 'the real one says that the number in the column DATA is text',
  'finalizers: a finalizer more while it is deleted': 'refused by both; the real one tells the cause twice',
  'lists: by a wrong label selector': 'refused by both, in other words',
  'lists: with a wrong continue token': 'refused by both; the real token is of another form',
  'defaults: a StatefulSet': `${NEWER}; ${ZEROS}`,
  'defaults: a DaemonSet': `${ZEROS}; gap: no annotation of the template’s generation`,
  'defaults: a ReplicaSet': ZEROS,
  'defaults: a Job': `${NEWER}; gap: the template’s labels are not copied to a Job without any`,
  'refusals: a Deployment without a selector': 'refused by both; ours does not go on to tell that nothing matches',
  'refusals: a field twice, strictly': 'gap: the second value counts, as without strictness',
  'changes: its role is for good': 'refused by both; the real one shows its internal names of fields',
  'changes: its spec is for good': 'refused by both; the real one adds a diff of internal names of fields',
  'changes: logs of a Pod without a node': 'the real one answers 204 and nothing, ours that there is no node',
  'extension: make a kind': 'on a dry run the real one shows the status before its controllers saw the kind',
  'extension: make a kind without a schema': 'refused by both; ours adds what is missing',
};
