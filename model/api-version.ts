/** The API group of an `apiVersion` (`apps` of `apps/v1`); empty for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** The path under which a server serves an `apiVersion`: `/apis/apps/v1`, or `/api/v1` for the core group. */
export function rootPathOf(apiVersion: string): string {
  return `/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}`;
}
