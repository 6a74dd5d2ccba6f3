/** The version 2 document as protobuf: gnostic's `openapi.v2.Document`, which kubectl before 1.2x reads only so. */
import protobuf from 'protobufjs/minimal.js';
import { type Fields, fields, isRecord, items, text } from '../../../model/fields.ts';
import type { DocumentV2 } from './documents.ts';

type Writer = protobuf.Writer;
type Body = (writer: Writer) => void;

/** Field number and wire type 2 (length-delimited). */
function message(writer: Writer, field: number, body: Body): void {
  writer.uint32((field << 3) | 2).fork();
  body(writer);
  writer.ldelim();
}

function string(writer: Writer, field: number, value: unknown): void {
  if (typeof value === 'string' && value !== '') writer.uint32((field << 3) | 2).string(value);
}

function boolean(writer: Writer, field: number, value: unknown): void {
  if (value === true) writer.uint32(field << 3).bool(true);
}

/** `NamedX { name = 1; value = 2 }`. */
function named(writer: Writer, field: number, name: string, body: Body): void {
  message(writer, field, (inner) => {
    string(inner, 1, name);
    message(inner, 2, body);
  });
}

/** Extensions as `NamedAny`; the value is YAML, and JSON is YAML. */
function extensions(writer: Writer, field: number, of: Fields): void {
  for (const [key, value] of Object.entries(of)) {
    if (key.startsWith('x-')) named(writer, field, key, (inner) => string(inner, 2, JSON.stringify(value)));
  }
}

function schema(writer: Writer, of: Fields): void {
  string(writer, 1, of['$ref']);
  string(writer, 2, of['format']);
  string(writer, 4, of['description']);
  for (const name of items(of['required'])) string(writer, 19, name);
  const additional = of['additionalProperties'];
  if (isRecord(additional)) message(writer, 21, (inner) => message(inner, 1, (value) => schema(value, additional)));
  else if (additional === true) message(writer, 21, (inner) => boolean(inner, 2, true));
  const type = text(of['type']);
  if (type !== '') message(writer, 22, (inner) => string(inner, 1, type));
  const item = of['items'];
  if (isRecord(item)) message(writer, 23, (inner) => message(inner, 1, (value) => schema(value, item)));
  const properties = Object.entries(fields(of['properties']));
  if (properties.length > 0) {
    message(writer, 25, (inner) => {
      for (const [name, property] of properties) named(inner, 1, name, (value) => schema(value, fields(property)));
    });
  }
  extensions(writer, 31, of);
}

/** `ParametersItem { Parameter { NonBodyParameter { query = 3 | path = 4 } } }`. */
function parameter(writer: Writer, field: number, of: Fields): void {
  const inPath = of['in'] === 'path';
  message(writer, field, (entry) =>
    message(entry, 1, (one) =>
      message(one, 2, (nonBody) =>
        message(nonBody, inPath ? 4 : 3, (sub) => {
          boolean(sub, 1, of['required']);
          string(sub, 2, of['in']);
          string(sub, 3, of['description']);
          string(sub, 4, of['name']);
          // A path parameter has no allow_empty_value, so its type has a field number one lower.
          string(sub, inPath ? 5 : 6, of['type']);
        }),
      ),
    ),
  );
}

const METHODS: Readonly<Record<string, number>> = { get: 2, put: 3, post: 4, delete: 5, patch: 8 };

function operation(writer: Writer, of: Fields): void {
  for (const tag of items(of['tags'])) string(writer, 1, tag);
  string(writer, 5, of['operationId']);
  for (const one of items(of['parameters'])) parameter(writer, 8, fields(one));
  message(writer, 9, (inner) => {
    for (const [code, response] of Object.entries(fields(of['responses']))) {
      named(inner, 1, code, (value) => message(value, 1, (one) => string(one, 1, fields(response)['description'])));
    }
  });
  extensions(writer, 13, of);
}

function pathItem(writer: Writer, of: Fields): void {
  for (const [method, field] of Object.entries(METHODS)) {
    const found = of[method];
    if (isRecord(found)) message(writer, field, (inner) => operation(inner, found));
  }
  for (const one of items(of['parameters'])) parameter(writer, 9, fields(one));
}

export function encodeDocument(document: DocumentV2): Uint8Array {
  const writer = protobuf.Writer.create();
  string(writer, 1, document.swagger);
  message(writer, 2, (info) => {
    string(info, 1, document.info.title);
    string(info, 2, document.info.version);
  });
  message(writer, 8, (paths) => {
    for (const [name, item] of Object.entries(document.paths)) named(paths, 2, name, (value) => pathItem(value, item));
  });
  message(writer, 9, (definitions) => {
    for (const [name, definition] of Object.entries(document.definitions))
      named(definitions, 1, name, (value) => schema(value, definition));
  });
  return writer.finish();
}
