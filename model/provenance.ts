import type { FigureSource } from './figure-source.ts';

/** What the evidence of a sandbox run rests on besides the real programs. Absent for a real cluster. */
export interface Provenance {
  /** Addresses of the guide's git repositories that were served from the lab's own copies. */
  readonly repositories: readonly string[];
  /** Where the release's figures come from; absent in evidence of older runs. */
  readonly figures?: readonly FigureSource[];
  /** Images that ran one of the lab's own programs instead of their content. */
  readonly images: readonly { readonly image: string; readonly program: string }[];
}
