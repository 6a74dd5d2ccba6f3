export function kubectlFolder(root: string): string;
export function kubectlReason(root: string): string | undefined;
export function installKubectl(root: string): Promise<void>;
