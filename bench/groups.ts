import type { Peer } from './compare/peer.js';
import type { TrialAbout } from './compare/trial.js';
import { peers as gamePeers } from './games/peers.js';
import { trials as gameTrials, unitOf as gameUnit } from './games/trials.js';
import { peers as preprocessPeers } from './preprocess/peers.js';
import { preprocessUnit, trials as preprocessTrials } from './preprocess/trials.js';
import { peers as simulationPeers } from './simulate/peers.js';
import { unit as simulationUnit } from './simulate/run-trial.js';
import { trials as simulationTrials } from './simulate/trials.js';
import { peers as replayPeers } from './replay/peers.js';
import { replayUnit, trials as replayTrials } from './replay/trials.js';
import { peers as trainingPeers } from './train/peers.js';
import { trials as trainingTrials, unitOf } from './train/trials.js';

export interface GroupTrial extends TrialAbout {
  readonly unit: string;
  /** Compiled program that runs it. */
  readonly program: string;
}

/** Trials whose results make one file and one chart. */
export interface Group {
  readonly name: string;
  readonly trials: readonly GroupTrial[];
  readonly peers: readonly Peer[];
  /** Over the chart, and the line below it. */
  readonly title: string;
  readonly note: string;
}

function trialsOf<T extends TrialAbout>(
  trials: readonly T[],
  program: string,
  unit: (trial: T) => string,
): GroupTrial[] {
  return trials.map((trial) => ({ ...trial, program, unit: unit(trial) }));
}

export const groups: readonly Group[] = [
  {
    name: 'simulate',
    trials: trialsOf(simulationTrials, 'simulate/trial.js', () => simulationUnit),
    peers: simulationPeers,
    title: 'Simulated observations per second: spiq over its best peer',
    note: 'T = 100, same weights and observations; mark: target.',
  },
  {
    name: 'train',
    trials: [
      ...trialsOf(trainingTrials, 'train/trial.js', unitOf),
      ...trialsOf(replayTrials, 'replay/trial.js', () => replayUnit),
    ],
    // Some libraries are both.
    peers: [
      ...new Map([...trainingPeers, ...replayPeers].map((peer) => [peer.name, peer])).values(),
    ],
    title: 'Training steps and sampled batches per second: spiq over its best peer',
    note: 'Same networks, batches and settings; mark: target.',
  },
  {
    name: 'games',
    trials: trialsOf(gameTrials, 'games/trial.js', gameUnit),
    peers: gamePeers,
    title: 'Steps of Breakout per second, alone and in training: spiq over its best peer',
    note: 'Seen as by Gymnasium’s AtariPreprocessing; mark: target.',
  },
  {
    name: 'preprocess',
    trials: trialsOf(preprocessTrials, 'preprocess/trial.js', () => preprocessUnit),
    peers: preprocessPeers,
    title: 'Observations of frames per second: spiq over its best peer',
    note: 'Same frames, one thread; mark: target.',
  },
];
