/** A rival on the Python side: a module in the folder of its group. */
export interface Peer {
  readonly name: string;
  readonly module: string;
  /** `ratio` is to the best of the counted ones; the others are shown beside it. */
  readonly counted: boolean;
  /** Its outputs must be ours; the others compute something else, as their note says. */
  readonly verified: boolean;
  readonly note?: string;
}
