/** A network in some format, not yet written. */
export interface EncodedFile {
  readonly bytes: Uint8Array;
  /** What is lost, and what a reader has to know. */
  readonly notes: readonly string[];
}
