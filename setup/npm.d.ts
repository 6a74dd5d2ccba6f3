export function npmReason(root: string): string | undefined;
