import path from 'node:path';
import process from 'node:process';
import { evaluate } from '../../ts/agent/evaluate.js';
import { floatPolicy, spikingPolicy, type Policy } from '../../ts/agent/policies.js';
import { bridgePolicy, openBridge, originalProtocol } from '../../ts/bridge/index.js';
import { CartPole } from '../../ts/env/cart-pole.js';
import type { Environment } from '../../ts/env/env.js';
import { MountainCar } from '../../ts/env/mountain-car.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import { thesisRows, type ThesisRow } from './thesis.js';

export interface Played {
  readonly row: ThesisRow;
  /** Time constant of the chip's neurons, ms. */
  readonly tauM?: number;
  readonly mean: number;
  readonly std: number;
  readonly similarity: number;
  readonly seconds: number;
}

/** Pythons of the back ends. */
export interface Pythons {
  readonly nest: string;
  readonly spinnaker: string;
}

const seed = 1000;
const longest = 500;
/** As many as the thesis played in NEST; on the board it played 5. */
const allEpisodes = 100;
/** The published agent's, and spiq's own for the back end. */
const timeConstants = [100, 4096];

/** Plays every row of the thesis's tables anew, in the way of the published agents. */
export async function playThesis(
  fixtures: string,
  pythons: Pythons,
  quick: boolean,
): Promise<Played[]> {
  const played: Played[] = [];
  for (const row of quick ? [thesisRows[0]!, thesisRows.at(-1)!] : thesisRows) {
    for (const tauM of row.table === '4.14' ? timeConstants : [undefined]) {
      const found = await play(row, tauM, fixtures, pythons, quick ? 2 : allEpisodes);
      const told = `${found.mean.toFixed(2)}, ${found.similarity.toFixed(2)} %`;
      process.stderr.write(`bench · ${row.table}, ${row.agent}, T = ${row.steps}: ${told}\n`);
      played.push(found);
    }
  }
  return played;
}

async function play(
  row: ThesisRow,
  tauM: number | undefined,
  fixtures: string,
  pythons: Pythons,
  episodes: number,
): Promise<Played> {
  const network = await Network.load(path.join(fixtures, row.network), { layout: 'in-out' });
  // The directly trained networks have no biases but a constant among their inputs.
  const direct = row.compared === undefined;
  const backend =
    tauM === undefined
      ? { ...originalProtocol('original-nest', { model: row.model }), python: pythons.nest }
      : ({
          backend: 'spinnaker-virtual',
          reset: 'zero',
          python: pythons.spinnaker,
          backendOptions: { tauM },
        } as const);
  const bridge = await openBridge({
    network,
    steps: row.steps,
    ...(direct && { biasAsObservation: true }),
    copies: Math.min(episodes, tauM === undefined ? 100 : 64),
    ...backend,
  });
  const begin = performance.now();
  try {
    const { act } = bridgePolicy(bridge);
    const { act: compareWith } = await otherPolicy(row, network, fixtures);
    const environment = (): Environment =>
      row.environment === 'cart-pole'
        ? new CartPole({ maxSteps: longest })
        : new MountainCar({ maxSteps: longest });
    const result = await evaluate({ environment, act, compareWith, episodes, seed });
    return {
      row,
      ...(tauM !== undefined && { tauM }),
      mean: result.mean,
      std: result.std ?? 0,
      similarity: 100 * result.similarity!,
      seconds: (performance.now() - begin) / 1000,
    };
  } finally {
    await bridge.close();
  }
}

/** The float network's actions; of directly trained networks those of the published simulation. */
async function otherPolicy(row: ThesisRow, network: Network, fixtures: string): Promise<Policy> {
  if (row.compared !== undefined) {
    return floatPolicy(await Network.load(path.join(fixtures, row.compared)));
  }
  const { steps } = row;
  return spikingPolicy(
    new Simulator(network, { semantics: 'dsqn', steps, biasAsObservation: true }),
  );
}
