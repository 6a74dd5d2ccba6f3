export function kubernetesSchemas(root: string, version: string): Promise<string>;
