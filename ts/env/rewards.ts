import type { RewardFunction } from './wrappers/reward.js';

export type RewardName = 'mountain-car-distance';

/** Rewards to learn by, under names that settings of experiments can carry. Results are told in the task's own rewards. */
export const rewardFunctions: Readonly<Record<RewardName, RewardFunction>> = {
  /** MountainCar as in the published runs: the further from the valley's floor, the less a step costs. */
  'mountain-car-distance': (reward, observation) =>
    Math.min(reward + Math.abs(observation[0]! + 0.5), -0.1),
};
