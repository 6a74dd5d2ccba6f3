/** Decides whether two different words of output mean the same: generated values match by shape. */

/** Letters and digits of Kubernetes' generated names (`k8s.io/apimachinery/pkg/util/rand`): no vowels, no 0, 1, 3. */
const MADE = 'bcdfghjklmnpqrstvwxz2456789';
/** A pod's own suffix has five characters; guides have been seen to print six. */
const SUFFIX = new RegExp(`-[${MADE}]{5,6}$`);
/** A Deployment's pod-template hash: six to ten characters, at least one of them a digit. */
const TEMPLATE_HASH = new RegExp(`-(?=[a-z]*\\d)[${MADE}]{6,10}$`);
const AGE = /^(?:(?:\d+y)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+(?:\.\d+)?s)?|<unknown>|<invalid>)$/;
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]+)$/i;
/** From 10 on, since 2.0.7.1 is a version. */
const IPV4 = /^\d{2,3}(?:\.\d{1,3}){3}$/;
const IPV6 = /^(?=.*:.*:)[0-9a-f:]+$/i;
const HASH = /(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}/g;
const HOST = /^[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*){2,}$/;

/** @param column of the table that both words are in. */
export function sameCell(sample: string, actual: string, column: string): boolean {
  if (sample === actual) return true;
  switch (column) {
    case 'AGE':
    case 'DURATION':
    case 'LAST SEEN':
    case 'FIRST SEEN':
      return isAge(sample) && isAge(actual);
    case 'RESTARTS':
      // Newer clients add "(5m ago)".
      return withoutRemark(sample) === withoutRemark(actual);
    case 'EXTERNAL-IP':
      return isExternal(sample) && isExternal(actual);
    case 'PORT(S)':
      return withoutNodePorts(sample) === withoutNodePorts(actual);
    case 'CLUSTER-IP':
    case 'IP':
    case 'INTERNAL-IP':
      return ADDRESS.test(sample) && ADDRESS.test(actual);
    default:
      return sameWord(sample, actual);
  }
}

/** Two words of prose, or of a column without special rules. */
export function sameWord(sample: string, actual: string): boolean {
  if (sample === actual) return true;
  if (isIp(sample) && isIp(actual)) return true;
  if (/\d/.test(sample) && /\d/.test(actual) && isAge(sample) && isAge(actual)) return true;
  if (sameHost(sample, actual)) return true;
  const [stem, madeUp] = stemOf(sample);
  const [actualStem, actualMadeUp] = stemOf(actual);
  if (madeUp && actualMadeUp && stem === actualStem) return true;
  return HASHED.test(sample) && sample.replace(HASH, '#') === actual.replace(HASH, '#');
}

const HASHED = new RegExp(HASH.source);

/** A name without its generated suffix, and whether it had one. */
function stemOf(name: string): readonly [string, boolean] {
  const stem = name.replace(SUFFIX, '');
  return stem === name ? [name, false] : [stem.replace(TEMPLATE_HASH, ''), true];
}

/** A Route's host: the cluster chooses the domain, and the first label may contain a hash. */
function sameHost(sample: string, actual: string): boolean {
  if (!HOST.test(sample) || !HOST.test(actual) || sample.includes('.svc') || actual.includes('.svc')) return false;
  const [first = ''] = sample.split('.');
  const [actualFirst = ''] = actual.split('.');
  return first.includes('-') && first.replace(HASH, '#') === actualFirst.replace(HASH, '#');
}

function isAge(text: string): boolean {
  return text !== '' && AGE.test(text);
}

function isIp(text: string): boolean {
  return IPV4.test(text) || IPV6.test(text);
}

/** The address of a load balancer, assigned or pending. `<none>` is different: there is no load balancer. */
function isExternal(text: string): boolean {
  return text === '<pending>' || ADDRESS.test(text) || HOST.test(text);
}

function withoutRemark(text: string): string {
  return text.replace(/ \(.* ago\)$/, '');
}

function withoutNodePorts(text: string): string {
  return text.replace(/:\d+\//g, ':#/');
}
