export function missingEntries(lock: unknown): Map<string, string>;
