/** Defaults of an ImageStream, and the columns of `oc get is` (openshift-apiserver, pkg/image). */
import { at, records, recordsAt, text } from '../../../model/fields.ts';
import { defaults, ensure } from '../../api/json.ts';
import { age } from '../../api/tables/age.ts';
import type { ApiObject, KindRules, TablePrinter } from '../../api/types.ts';

export const IMAGE_STREAM_RULES: KindRules = {
  defaults: (stream) => {
    const spec = ensure(stream, 'spec');
    defaults(ensure(spec, 'lookupPolicy'), { local: false });
    for (const tag of records(spec['tags'])) {
      defaults(tag, { annotations: null, importPolicy: {} });
      defaults(ensure(tag, 'referencePolicy'), { type: 'Source' });
    }
  },
};

export const IMAGE_STREAM_PRINTER: TablePrinter = {
  columns: [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Image Repository', type: 'string' },
    { name: 'Tags', type: 'string' },
    { name: 'Updated', type: 'string' },
  ],
  row: (stream, now) => [
    stream.metadata.name,
    text(at(stream, 'status', 'dockerImageRepository')),
    tagsText(stream),
    updated(stream, now),
  ],
};

/** Like `oc`, shows the first three tags. */
function tagsText(stream: ApiObject): string {
  const names = [...records(at(stream, 'status', 'tags')), ...records(at(stream, 'spec', 'tags'))].map((one) =>
    text(one['tag'] ?? one['name']),
  );
  const [shown, more] = [[...new Set(names)].slice(0, 3), new Set(names).size - 3];
  return more > 0 ? `${shown.join(',')} + ${more} more...` : shown.join(',');
}

function updated(stream: ApiObject, now: number): string {
  const times = recordsAt(stream, 'status', 'tags').flatMap((tag) =>
    records(tag['items']).map((item) => text(item['created'])),
  );
  const [newest] = times.sort().reverse();
  return newest === undefined ? '' : `${age(newest, now)} ago`;
}
