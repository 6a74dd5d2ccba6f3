/** Where our mesh answers otherwise than a current istiod, and why that stays so. By title of the case. */
export const DIFFERENCES: Readonly<Record<string, string>> = {};
