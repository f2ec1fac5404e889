import { gameViews } from '../env/games/index.js';
import type { GameOptions } from '../env/games/index.js';
import { choice, flag, real, whole } from './parameters.js';
import type { ParametersOf } from './parameters.js';

/** How games of the Arcade Learning Environment are played; other environments leave these alone. */
export const gameParameters = {
  view: choice(gameViews, 'nature', "games: what is seen of an emulator's pictures"),
  frameSkip: whole(4, 'games: emulator frames that a step takes', { least: 1 }),
  stickyActions: real(0, 'games: chance that an emulator frame repeats the action before', {
    least: 0,
    most: 1,
  }),
  noopsLeast: whole(
    0,
    'games: emulator frames without action that an episode begins with, at least',
  ),
  noopsMost: whole(30, 'games: the same, at most'),
  fullActions: flag(false, 'games: all 18 actions in place of those that the game knows'),
};

export type GameParameters = ParametersOf<typeof gameParameters>;

export function gameOptions(parameters: GameParameters): GameOptions {
  const { view, frameSkip, stickyActions, noopsLeast, noopsMost, fullActions } = parameters;
  const noops = { least: noopsLeast, most: noopsMost };
  return { view, frameSkip, stickyActions, noops, fullActions };
}
