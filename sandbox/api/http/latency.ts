/** `npm run soak` delays answers by this many milliseconds, as an API server on a busy machine does. */
import { setTimeout } from 'node:timers/promises';

const milliseconds = Number(process.env['LABWRIGHT_API_DELAY'] ?? 0);

/** Waits for the delay; `undefined` when there is none. */
export const apiDelay: (() => Promise<unknown>) | undefined =
  milliseconds > 0 ? () => setTimeout(milliseconds) : undefined;
