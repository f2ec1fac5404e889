/** In bytes. A memory in a file has its frames there, and their records beside them. */
export interface ReplayMemory {
  readonly frames: number;
  readonly rows: number;
  readonly priorities: number;
}
