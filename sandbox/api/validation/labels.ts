/** Labels and label selectors. */
import { at, fields, items, records, text } from '../../../model/fields.ts';
import type { StatusCause } from '../status.ts';
import { forbiddenField, invalidFor, invalidValue, required } from './causes.ts';
import { labelValueProblems, qualifiedNameProblems } from './names.ts';

/** Validates the keys and values of labels. @param field e.g. `metadata.labels`. */
export function labelCauses(labels: unknown, field: string): StatusCause[] {
  return Object.entries(fields(labels)).flatMap(([key, value]) => [
    ...invalidFor(field, key, qualifiedNameProblems(key)),
    ...invalidFor(field, text(value), labelValueProblems(text(value))),
  ]);
}

export function annotationCauses(annotations: unknown, field: string): StatusCause[] {
  return Object.keys(fields(annotations)).flatMap((key) =>
    invalidFor(field, key, qualifiedNameProblems(key.toLowerCase())),
  );
}

/** @param selector a LabelSelector: `matchLabels`, `matchExpressions`. */
export function selectorCauses(selector: unknown, field: string): StatusCause[] {
  return [
    ...labelCauses(at(selector, 'matchLabels'), `${field}.matchLabels`),
    ...records(at(selector, 'matchExpressions')).flatMap((expression, index) =>
      expressionCauses(expression, `${field}.matchExpressions[${index}]`),
    ),
  ];
}

function expressionCauses(expression: Record<string, unknown>, field: string): StatusCause[] {
  const operator = text(expression['operator']);
  const values = items(expression['values']).map(text);
  const key = text(expression['key']);
  const causes = invalidFor(`${field}.key`, key, qualifiedNameProblems(key));
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0)
      causes.push(required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
    causes.push(
      ...values.flatMap((value, index) => invalidFor(`${field}.values[${index}]`, value, labelValueProblems(value))),
    );
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0)
      causes.push(
        forbiddenField(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
      );
  } else causes.push(invalidValue(`${field}.operator`, operator, 'not a valid selector operator'));
  return causes;
}
