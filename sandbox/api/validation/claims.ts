/** PersistentVolumeClaims and PersistentVolumes. */
import { at, fields, isRecord, items, listAt, text } from '../../../model/fields.ts';
import { quantityValue } from '../defaults/quantity.ts';
import { equal } from '../json.ts';
import type { StatusCause } from '../status.ts';
import type { ApiObject } from '../types.ts';
import { forbiddenField, immutable, invalidFor, invalidValue, required, unsupported } from './causes.ts';
import { selectorCauses } from './labels.ts';
import { subdomainProblems } from './names.ts';
import { nfsCauses } from './volumes.ts';

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const VOLUME_MODES = ['Block', 'Filesystem'];
const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain'];
const FIXED =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

export function claimCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  return [...claimSpecCauses(object['spec'], 'spec'), ...(old === undefined ? [] : claimUpdateCauses(object, old))];
}

export function claimSpecCauses(spec: unknown, path: string): StatusCause[] {
  const modes = listAt(spec, 'accessModes').map(text);
  const className = text(at(spec, 'storageClassName'));
  const volumeMode = text(at(spec, 'volumeMode'));
  return [
    ...(modes.length === 0 ? [required(`${path}.accessModes`, 'at least 1 access mode is required')] : []),
    ...(at(spec, 'selector') === undefined ? [] : selectorCauses(at(spec, 'selector'), `${path}.selector`)),
    ...accessCauses(modes, path),
    ...sizeCauses(at(spec, 'resources', 'requests', 'storage'), `${path}.resources[storage]`),
    ...(className === '' ? [] : invalidFor(`${path}.storageClassName`, className, subdomainProblems(className))),
    ...(volumeMode === '' || VOLUME_MODES.includes(volumeMode)
      ? []
      : [unsupported(`${path}.volumeMode`, volumeMode, VOLUME_MODES)]),
    ...sourceCauses(at(spec, 'dataSourceRef'), `${path}.dataSourceRef`),
  ];
}

/** What a claim's volume is filled from. */
function sourceCauses(source: unknown, path: string): StatusCause[] {
  if (!isRecord(source)) return [];
  const kind = text(source['kind']);
  return [
    ...(text(source['name']) === '' ? [required(`${path}.name`)] : []),
    ...(kind === '' ? [required(`${path}.kind`)] : []),
    ...(text(source['apiGroup']) === '' && kind !== 'PersistentVolumeClaim'
      ? [invalidValue(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup")]
      : []),
  ];
}

function accessCauses(modes: readonly string[], path: string): StatusCause[] {
  const field = `${path}.accessModes`;
  const alone = modes.includes('ReadWriteOncePod') && modes.some((mode) => mode !== 'ReadWriteOncePod');
  return [
    ...modes.filter((mode) => !ACCESS_MODES.includes(mode)).map((mode) => unsupported(field, mode, ACCESS_MODES)),
    ...(alone ? [forbiddenField(field, 'may not use ReadWriteOncePod with other access modes')] : []),
  ];
}

function sizeCauses(size: unknown, field: string): StatusCause[] {
  if (size === undefined) return [required(field)];
  return quantityValue(size) > 0 ? [] : [invalidValue(field, String(size), 'must be greater than zero')];
}

function claimUpdateCauses(object: ApiObject, old: ApiObject): StatusCause[] {
  const fixed = (claim: ApiObject): unknown => {
    const { resources: _r, volumeAttributesClassName: _a, ...spec } = fields(claim['spec']);
    if (text(at(old, 'spec', 'volumeName')) !== '') return spec;
    const { volumeName: _v, storageClassName: _s, ...rest } = spec;
    return rest;
  };
  const bound = text(at(old, 'status', 'phase')) === 'Bound';
  const [now, before] = [object, old].map((claim) => at(claim, 'spec', 'resources', 'requests', 'storage'));
  const resized = !equal(now, before);
  if (!equal(fixed(object), fixed(old)) || (resized && !bound)) return [forbiddenField('spec', FIXED)];
  return resized && quantityValue(now) < quantityValue(before)
    ? [forbiddenField('spec.resources.requests.storage', 'field can not be less than status.capacity')]
    : [];
}

const SOURCES = [
  'hostPath',
  'local',
  'nfs',
  'csi',
  'iscsi',
  'fc',
  'rbd',
  'cephfs',
  'awsElasticBlockStore',
  'gcePersistentDisk',
  'azureDisk',
  'azureFile',
  'vsphereVolume',
  'cinder',
  'glusterfs',
  'flexVolume',
];

export function volumeCauses(object: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const spec = fields(object['spec']);
  const modes = items(spec['accessModes']).map(text);
  const capacity = at(spec, 'capacity', 'storage');
  const policy = text(spec['persistentVolumeReclaimPolicy']);
  const given = SOURCES.filter((name) => isRecord(spec[name]));
  const moved = old !== undefined && SOURCES.some((name) => !equal(spec[name], at(old, 'spec', name)));
  return [
    ...(moved
      ? [forbiddenField('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation')]
      : []),
    ...(old !== undefined && at(old, 'spec', 'volumeMode') !== spec['volumeMode']
      ? [immutable('volumeMode', spec['volumeMode'])]
      : []),
    ...(modes.length === 0 ? [required('spec.accessModes')] : []),
    ...accessCauses(modes, 'spec'),
    ...(Object.keys(fields(spec['capacity'])).length === 0 ? [required('spec.capacity')] : []),
    ...(capacity === undefined || Object.keys(fields(spec['capacity'])).length > 1
      ? [unsupported('spec.capacity', spec['capacity'] ?? null, ['storage'])]
      : []),
    ...(capacity !== undefined ? sizeCauses(capacity, 'spec.capacity[storage]') : []),
    ...(policy === '' || RECLAIM_POLICIES.includes(policy)
      ? []
      : [unsupported('spec.persistentVolumeReclaimPolicy', policy, RECLAIM_POLICIES)]),
    ...given.slice(1).map((name) => forbiddenField(`spec.${name}`, 'may not specify more than 1 volume type')),
    ...(given.length === 0 ? [required('spec', 'must specify a volume type')] : []),
    ...(isRecord(spec['hostPath']) && text(at(spec, 'hostPath', 'path')) === ''
      ? [required('spec.hostPath.path')]
      : []),
    ...(isRecord(spec['nfs']) ? nfsCauses(spec['nfs'], 'spec.nfs') : []),
    ...(policy === 'Recycle' && /^\/+$/.test(text(at(spec, 'hostPath', 'path')))
      ? [forbiddenField('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'")]
      : []),
    ...(isRecord(spec['local']) && spec['nodeAffinity'] === undefined
      ? [required('spec.nodeAffinity', 'Local volume requires node affinity')]
      : []),
  ];
}
