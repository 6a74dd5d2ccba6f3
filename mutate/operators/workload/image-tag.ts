import { listAt, textAt } from '../../tree.ts';
import { CONTAINERS, onManifests, WORKLOADS } from '../operator.ts';

export const imageTag = onManifests({
  name: 'workload/image-tag',
  summary: 'an image has a tag that does not exist',
  missing: 'a step that waits until the workload is ready',
  kinds: WORKLOADS,
  changes: ({ object }) =>
    listAt(object, CONTAINERS).flatMap((container, index) => {
      const image = textAt(container, ['image']);
      if (image === undefined) return [];
      const wrong = `${image.replace(/(?::[^:/@]+)?(?:@.+)?$/, '')}:no-such-tag`;
      return [
        { path: [...CONTAINERS, index, 'image'], value: wrong, description: `image ${wrong} instead of ${image}` },
      ];
    }),
});
