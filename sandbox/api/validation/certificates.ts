/** CertificateSigningRequests (pkg/apis/certificates/validation). */
import { at, listAt, number, recordsAt, text } from '../../../model/fields.ts';
import { equal } from '../json.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { duplicate, forbiddenField, immutable, invalidValue, required, unsupported } from './causes.ts';

const USAGES = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];
const SHORTEST_SECONDS = 600;
const LEGACY = 'kubernetes.io/legacy-unknown';

export function signingRequestCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  if (old !== undefined)
    return equal(object['spec'], old['spec']) ? [] : [immutable('spec', text(at(object, 'spec', 'request')))];
  const usages = listAt(object, 'spec', 'usages');
  return [
    ...requestCauses(text(at(object, 'spec', 'request'))),
    ...(usages.length === 0 ? [required('spec.usages')] : []),
    ...usages.flatMap((usage, index) => [
      ...(USAGES.includes(text(usage)) ? [] : [unsupported(`spec.usages[${index}]`, usage, USAGES)]),
      ...(usages.indexOf(usage) < index ? [duplicate(`spec.usages[${index}]`, usage)] : []),
    ]),
    ...signerCauses(text(at(object, 'spec', 'signerName'))),
    ...lifetimeCauses(at(object, 'spec', 'expirationSeconds')),
  ];
}

function requestCauses(request: string): StatusCause[] {
  const pem = Buffer.from(request, 'base64').toString();
  if (/-----BEGIN CERTIFICATE REQUEST-----[\s\S]+-----END CERTIFICATE REQUEST-----/.test(pem)) return [];
  return [invalidValue('spec.request', request, 'PEM block type must be CERTIFICATE REQUEST')];
}

function signerCauses(signer: string): StatusCause[] {
  const field = 'spec.signerName';
  if (signer === '') return [required(field)];
  if (signer === LEGACY)
    return [invalidValue(field, signer, 'the legacy signerName is not allowed via this API version')];
  if (/^[a-z0-9][-a-z0-9.]*\.[-a-z0-9.]*[a-z0-9]\/[\w.:-]+$/.test(signer)) return [];
  const why = 'must be a fully qualified domain and path of the form "example.com/signer-name"';
  return [invalidValue(field, signer, why)];
}

function lifetimeCauses(seconds: unknown): StatusCause[] {
  if (seconds === undefined || number(seconds) >= SHORTEST_SECONDS) return [];
  const why = `may not specify a duration less than ${SHORTEST_SECONDS} seconds (10 minutes)`;
  return [invalidValue('spec.expirationSeconds', seconds, why)];
}

/** Validates the status that an approver writes. */
export function approvalCauses(object: ApiObject): StatusCause[] {
  const conditions = recordsAt(object, 'status', 'conditions');
  const types = conditions.map(({ type }) => text(type));
  const field = 'status.conditions';
  return [
    ...conditions.flatMap(({ type, status }, index) => [
      ...(text(type) === '' ? [required(`${field}[${index}].type`)] : []),
      ...(status === undefined ? [required(`${field}[${index}].status`)] : []),
      ...(status !== undefined && status !== 'True' && ['Approved', 'Denied', 'Failed'].includes(text(type))
        ? [unsupported(`${field}[${index}].status`, status, ['True'])]
        : []),
    ]),
    ...(types.includes('Approved') && types.includes('Denied')
      ? [forbiddenField(field, 'Approved and Denied conditions are mutually exclusive')]
      : []),
  ];
}
