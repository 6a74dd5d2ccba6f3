/**
 * Documents whose format Labwright itself decides: files that it generates, ships or writes, and messages between its own
 * processes. Their writers use the same type, so the reader trusts it. What users and servers write is read with `fields.ts`.
 * @param document from `JSON.parse`, or from YAML.
 */
export function ownFormat<T>(document: unknown): T {
  return document as T;
}
