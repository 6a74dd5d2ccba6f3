/** Volumes of pods: each has one source, with the fields that the source requires. */

import { type Fields, fields, isRecord, number, records, text } from '../../../model/fields.ts';
import { quantityValue } from '../defaults/quantity.ts';
import type { StatusCause } from '../status.ts';
import { duplicate, forbiddenField, invalidFor, invalidValue, required } from './causes.ts';
import { labelNameProblems } from './names.ts';

type SourceCheck = (source: Fields, field: string) => StatusCause[];

const needs =
  (...names: readonly string[]): SourceCheck =>
  (source, field) =>
    names.filter((name) => text(source[name]) === '').map((name) => required(`${field}.${name}`));

/** In the order in which kube-apiserver checks them. When several are set, all but the first are refused. */
const SOURCES: readonly (readonly [name: string, check: SourceCheck])[] = [
  ['emptyDir', emptyDirCauses],
  ['hostPath', hostPathCauses],
  ['gitRepo', needs('repository')],
  ['gcePersistentDisk', needs('pdName')],
  ['awsElasticBlockStore', needs('volumeID')],
  ['secret', (source, field) => [...needs('secretName')(source, field), ...fileCauses(source, field)]],
  ['nfs', nfsCauses],
  ['iscsi', needs('targetPortal', 'iqn')],
  ['glusterfs', needs('endpoints', 'path')],
  ['persistentVolumeClaim', needs('claimName')],
  ['rbd', needs('image')],
  ['cinder', needs('volumeID')],
  ['cephfs', () => []],
  ['downwardAPI', downwardCauses],
  ['fc', () => []],
  ['flexVolume', needs('driver')],
  ['configMap', (source, field) => [...needs('name')(source, field), ...fileCauses(source, field)]],
  ['azureFile', needs('secretName', 'shareName')],
  ['vsphereVolume', needs('volumePath')],
  ['azureDisk', needs('diskName', 'diskURI')],
  ['projected', projectedCauses],
  ['csi', needs('driver')],
  ['ephemeral', () => []],
  ['image', needs('reference')],
];

const MODE_MESSAGE = 'must be a number between 0 and 0777 (octal), both inclusive';
const HOST_PATH_TYPES = [
  '',
  'DirectoryOrCreate',
  'Directory',
  'FileOrCreate',
  'File',
  'Socket',
  'CharDevice',
  'BlockDevice',
];

/** @returns the names of the volumes that containers can mount, and the causes for invalid ones. */
export function volumeCauses(spec: unknown, path: string): { mountable: ReadonlySet<string>; causes: StatusCause[] } {
  const mountable = new Set<string>();
  const causes: StatusCause[] = [];
  for (const [index, volume] of records(fields(spec)['volumes']).entries()) {
    const field = `${path}.volumes[${index}]`;
    const name = text(volume['name']);
    const own = sourceCauses(volume, field);
    if (name === '') own.push(required(`${field}.name`));
    else own.push(...invalidFor(`${field}.name`, name, labelNameProblems(name)));
    if (mountable.has(name)) own.push(duplicate(`${field}.name`, name));
    if (own.length === 0) mountable.add(name);
    causes.push(...own);
  }
  return { mountable, causes };
}

function sourceCauses(volume: Fields, field: string): StatusCause[] {
  const given = SOURCES.filter(([name]) => isRecord(volume[name]));
  if (given.length === 0) return [required(field, 'must specify a volume type')];
  return given.flatMap(([name, check], index) =>
    index > 0
      ? [forbiddenField(`${field}.${name}`, 'may not specify more than 1 volume type')]
      : check(fields(volume[name]), `${field}.${name}`),
  );
}

function emptyDirCauses(source: Fields, field: string): StatusCause[] {
  const limit = source['sizeLimit'];
  return limit !== undefined && quantityValue(limit) < 0
    ? [forbiddenField(`${field}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')]
    : [];
}

function hostPathCauses(source: Fields, field: string): StatusCause[] {
  const path = text(source['path']);
  if (path === '') return [required(`${field}.path`)];
  const type = text(source['type']);
  return [
    ...(path.split('/').includes('..') ? [invalidValue(`${field}.path`, path, "must not contain '..'")] : []),
    ...(HOST_PATH_TYPES.includes(type)
      ? []
      : [
          {
            reason: 'FieldValueNotSupported',
            message: `Unsupported value: ${JSON.stringify(type)}: supported values: ${[...HOST_PATH_TYPES]
              .sort()
              .map((one) => JSON.stringify(one))
              .join(', ')}`,
            field: `${field}.type`,
          },
        ]),
  ];
}

export function nfsCauses(source: Fields, field: string): StatusCause[] {
  const path = text(source['path']);
  return [
    ...needs('server', 'path')(source, field),
    ...(path.startsWith('/') ? [] : [invalidValue(`${field}.path`, path, 'must be an absolute path')]),
  ];
}

/** Checks file modes, and keys with their paths. */
function fileCauses(source: Fields, field: string): StatusCause[] {
  return [
    ...modeCauses(source['defaultMode'], `${field}.defaultMode`),
    ...records(source['items']).flatMap((item, index) => {
      const at = `${field}.items[${index}]`;
      return [
        ...needs('key', 'path')(item, at),
        ...localPathCauses(text(item['path']), `${at}.path`),
        ...modeCauses(item['mode'], `${at}.mode`),
      ];
    }),
  ];
}

function modeCauses(mode: unknown, field: string): StatusCause[] {
  if (typeof mode !== 'number' || (mode >= 0 && mode <= 0o777)) return [];
  return [invalidValue(field, mode, MODE_MESSAGE)];
}

/** Checks that a path stays inside the volume. */
export function localPathCauses(path: string, field: string): StatusCause[] {
  return [
    ...(path.startsWith('/') ? [invalidValue(field, path, 'must be a relative path')] : []),
    ...(path.split('/').includes('..') ? [invalidValue(field, path, "must not contain '..'")] : []),
  ];
}

function downwardCauses(source: Fields, field: string): StatusCause[] {
  return [
    ...modeCauses(source['defaultMode'], `${field}.defaultMode`),
    ...records(source['items']).flatMap((item, index) => {
      const at = `${field}.items[${index}]`;
      const both = isRecord(item['fieldRef']) && isRecord(item['resourceFieldRef']);
      const none = !isRecord(item['fieldRef']) && !isRecord(item['resourceFieldRef']);
      return [
        ...needs('path')(item, at),
        ...localPathCauses(text(item['path']), `${at}.path`),
        ...(both
          ? [invalidValue(at, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously')]
          : []),
        ...(none ? [required(at, 'one of fieldRef and resourceFieldRef is required')] : []),
        ...modeCauses(item['mode'], `${at}.mode`),
      ];
    }),
  ];
}

const PROJECTIONS: Readonly<Record<string, SourceCheck>> = {
  secret: (source, field) => [...needs('name')(source, field), ...fileCauses(source, field)],
  configMap: (source, field) => [...needs('name')(source, field), ...fileCauses(source, field)],
  downwardAPI: downwardCauses,
  serviceAccountToken: tokenCauses,
};

function projectedCauses(source: Fields, field: string): StatusCause[] {
  const paths = new Set<string>();
  return [
    ...modeCauses(source['defaultMode'], `${field}.defaultMode`),
    ...records(source['sources']).flatMap((one, index) => {
      const at = `${field}.sources[${index}]`;
      const given = Object.keys(one).filter((name) => isRecord(one[name]));
      if (given.length === 0) return [required(at)];
      return given.flatMap((name, order) =>
        order > 0
          ? [forbiddenField(`${at}.${name}`, 'may not specify more than 1 volume type')]
          : [
              ...(PROJECTIONS[name]?.(fields(one[name]), `${at}.${name}`) ?? []),
              ...samePathCauses(fields(one[name]), paths, field),
            ],
      );
    }),
  ];
}

/** @param taken the paths of the sources before; those of this one are added. */
function samePathCauses(source: Fields, taken: Set<string>, field: string): StatusCause[] {
  return records(source['items']).flatMap((item) => {
    const path = text(item['path']);
    if (path === '') return [];
    const twice = taken.has(path);
    taken.add(path);
    return twice ? [invalidValue(field, source['name'] ?? path, 'conflicting duplicate paths')] : [];
  });
}

function tokenCauses(source: Fields, field: string): StatusCause[] {
  const seconds = number(source['expirationSeconds'] ?? 3600);
  return [
    ...(seconds < 600
      ? [invalidValue(`${field}.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes')]
      : []),
    ...needs('path')(source, field),
    ...localPathCauses(text(source['path']), `${field}.path`),
  ];
}
