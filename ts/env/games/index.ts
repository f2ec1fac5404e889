export { gameViews, isRemote, openGames, openGymnasiumGroup, openRemote } from './open.js';
export type { GameOptions, GameView, GymnasiumGroupOptions, RemoteOptions } from './open.js';
export { WorkerGroup } from './worker-group.js';
