/** API errors as `Status` objects, with the reasons and messages of a real kube-apiserver. */

export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** A kind's resource as in error messages: `deployments.apps`, `pods`. */
export interface GroupResource {
  readonly group: string;
  readonly plural: string;
}

export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;
  /** The metadata of the Status, e.g. the `continue` token of an expired list. */
  readonly metadata: Readonly<Record<string, string>>;

  constructor(
    code: number,
    reason: string,
    message: string,
    details?: StatusDetails,
    metadata: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'StatusError';
    this.code = code;
    this.reason = reason;
    this.details = details;
    this.metadata = metadata;
  }

  toStatus(): Record<string, unknown> {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.metadata,
      status: 'Failure',
      message: this.message,
      ...(this.reason === '' ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    };
  }
}

/** Converts any thrown value: a `StatusError`, the client's `ApiError`, or an unexpected error (500). */
export function toStatusError(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  if (error instanceof Error && 'code' in error && 'reason' in error) {
    if (typeof error.code === 'number' && typeof error.reason === 'string')
      return new StatusError(error.code, error.reason, error.message);
  }
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message(error)}`);
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `deployments.apps`, or `pods` for the core group. */
export function qualified(of: GroupResource): string {
  return of.group === '' ? of.plural : `${of.plural}.${of.group}`;
}

function details(of: GroupResource, name: string): StatusDetails {
  return { name, ...(of.group === '' ? {} : { group: of.group }), kind: of.plural };
}

export function notFound(of: GroupResource, name: string): StatusError {
  return new StatusError(404, 'NotFound', `${qualified(of)} "${name}" not found`, details(of, name));
}

export function alreadyExists(of: GroupResource, name: string): StatusError {
  return new StatusError(409, 'AlreadyExists', `${qualified(of)} "${name}" already exists`, details(of, name));
}

/** 409. @param why follows "Operation cannot be fulfilled on …". */
export function conflict(of: GroupResource, name: string, why: string): StatusError {
  return new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(of)} "${name}": ${why}`,
    details(of, name),
  );
}

export const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

/** 403. @param why follows "… is forbidden". */
export function forbidden(of: GroupResource, name: string, why: string, causes?: StatusCause[]): StatusError {
  return new StatusError(403, 'Forbidden', `${qualified(of)} "${name}" is forbidden: ${why}`, {
    ...details(of, name),
    ...(causes === undefined ? {} : { causes }),
  });
}

export function badRequest(why: string): StatusError {
  return new StatusError(400, 'BadRequest', why);
}

/** 404 for a path that the server does not serve, as opposed to a missing object. */
export function noSuchPath(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function methodNotAllowed(): StatusError {
  return new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}

/** 501 for a feature that the sandbox's API server does not have. @param what the feature, as in "does not implement …". */
export function notImplemented(what: string): StatusError {
  return new StatusError(
    501,
    'NotImplemented',
    `the sandbox's API server does not implement ${what}; a sandbox on the real one does: npx labwright sandbox up --control-plane real-api`,
  );
}

/** 422 with one cause per wrong field. */
export function invalid(group: string, kind: string, name: string, causes: readonly StatusCause[]): StatusError {
  // The message has each text once, while `details.causes` lists every cause.
  const one = [...new Set(causes.map(({ field, message: why }) => (field === undefined ? why : `${field}: ${why}`)))];
  const text = one.length === 1 ? one[0] : `[${one.join(', ')}]`;
  const subject = group === '' ? kind : `${kind}.${group}`;
  return new StatusError(422, 'Invalid', `${subject} "${name}" is invalid: ${text}`, {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    ...(kind === '' ? {} : { kind }),
    causes,
  });
}
