/** A message for the user. Printed after `error: `, unless it is kubectl's own output. */
export class OcError extends Error {}
