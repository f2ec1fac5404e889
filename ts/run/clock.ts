/** Seconds since some fixed moment: wall time, not the processor's. */
export type Clock = () => number;

export const wallSeconds: Clock = () => performance.now() / 1000;
