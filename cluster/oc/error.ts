/** What oc tells a person after `error: `. */
export class OcError extends Error {}
