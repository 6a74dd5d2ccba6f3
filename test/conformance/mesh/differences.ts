/** Where the sandbox's mesh differs from a current istiod, and why that is accepted. By title of the case. */
export const DIFFERENCES: Readonly<Record<string, string>> = {};
