/** Where a sandbox has a figure of its release from: the documents, source files and clusters that it was read from. */
export interface FigureSource {
  readonly basis: 'cluster' | 'source' | 'document' | 'assumed';
  /** Which cluster, file or document, or why it is assumed. */
  readonly text: string;
  /** By path, `mesh/ior/enabled`, with its value as text. */
  readonly figures: readonly { readonly name: string; readonly value: string }[];
}
