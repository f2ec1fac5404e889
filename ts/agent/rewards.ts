/** A step as a reward function sees it: the environment's own buffers, not to be kept. */
export interface RewardedStep {
  readonly observation: Float32Array;
  readonly action: number;
  /** The environment's own. */
  readonly reward: number;
  readonly next: Float32Array;
  readonly terminated: boolean;
  readonly truncated: boolean;
}

/** The reward that an agent learns from; what it reports stays the environment's own. */
export type Reward = (step: RewardedStep) => number;

export const rewardNames = ['environment', 'failure', 'mountain-car'] as const;

/**
 * `failure` is −1 where the task ends and 0 before (Barto, Sutton and Anderson, IEEE Transactions on Systems, Man and
 * Cybernetics 13, 1983): values then lie between −1 and 0, however long an episode. `mountain-car` is the shaping of the published MountainCar agents: the farther from the valley's floor, the better
 * (Hahn, "Deep spiking Q-networks", TUM 2020).
 */
export const rewards: Readonly<Record<(typeof rewardNames)[number], Reward>> = {
  environment: ({ reward }) => reward,
  failure: ({ terminated }) => (terminated ? -1 : 0),
  'mountain-car': ({ reward, next }) => Math.min(reward + Math.abs(next[0]! + 0.5), -0.1),
};
