/** What oc tells a person. Printed after `error: `, unless it is what kubectl itself printed. */
export class OcError extends Error {}
