/** What the evidence of a run on the sandbox rests on, where that is not the thing itself. A real cluster has none. */
export interface Provenance {
  /** Addresses of the guide's git repositories that were served from the lab's own copies. */
  readonly repositories: readonly string[];
  /** Images that ran a program of the lab's own in place of the image's. */
  readonly images: readonly { readonly image: string; readonly program: string }[];
}
