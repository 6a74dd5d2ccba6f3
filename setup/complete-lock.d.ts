export function missingEntries(lock: unknown): Map<string, { version: string; dev?: true }>;
