/** template.openshift.io: fills in the parameters of a Template in the request. Stored Templates are a CRD. */

import { type Fields, isRecord, records, text } from '../../../model/fields.ts';
import { TemplateError } from '../../../model/template/generate.ts';
import { objectsOf, parametersOf, valuesOf } from '../../../model/template/template.ts';
import { StatusError } from '../../api/status.ts';
import type { AggregatedApi, ApiRequest, ApiResponse } from '../../api/types.ts';

export function templateApi(): AggregatedApi {
  return {
    group: 'template.openshift.io',
    version: 'v1',
    beside: true,
    resources: [
      {
        name: 'processedtemplates',
        singularName: 'processedtemplate',
        namespaced: true,
        kind: 'Template',
        verbs: ['create'],
      },
    ],
    handle: async (request) => processed(request),
  };
}

/** The error of openshift-apiserver (pkg/template/apiserver/registry/templateprocessing). */
function processed({ body, namespace }: ApiRequest): ApiResponse {
  if (!isRecord(body)) throw new StatusError(400, 'BadRequest', 'not a template');
  const metadata = isRecord(body['metadata']) ? body['metadata'] : {};
  try {
    const values = valuesOf(parametersOf({ ...body, kind: 'Template' }), new Map());
    const parameters = records(body['parameters']).map((one) => filledIn(one, values));
    const objects = objectsOf(body, values, {});
    return { status: 201, body: { ...body, metadata: { ...metadata, namespace }, parameters, objects } };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const name = text(metadata['name']);
    throw new StatusError(
      422,
      'Invalid',
      `Template.template.openshift.io ${JSON.stringify(name)} is invalid: template: ${error.message}`,
    );
  }
}

function filledIn(parameter: Fields, values: ReadonlyMap<string, string>): Fields {
  const value = values.get(text(parameter['name'])) ?? '';
  return { ...parameter, ...(value === '' ? {} : { value }) };
}
