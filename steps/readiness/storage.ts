import { allOf, conditionsAbsent, type KindReadiness, notReady, phaseIs, READY } from './verdict.ts';

/** Storage. */
export const STORAGE: readonly KindReadiness[] = [
  {
    group: '',
    kind: 'PersistentVolumeClaim',
    names: ['persistentvolumeclaim', 'persistentvolumeclaims', 'pvc'],
    judge: (object) => allOf(phaseIs(object, ['Bound'], { failing: ['Lost'] }), conditionsAbsent(object, ['Resizing'])),
  },
  {
    group: '',
    kind: 'PersistentVolume',
    names: ['persistentvolume', 'persistentvolumes', 'pv'],
    judge: (object) => phaseIs(object, ['Available', 'Bound'], { failing: ['Failed'] }),
  },
  {
    group: 'storage.k8s.io',
    kind: 'VolumeAttachment',
    names: ['volumeattachment', 'volumeattachments'],
    judge: (object) => (object.status?.['attached'] === true ? READY : notReady('is not attached')),
  },
];
