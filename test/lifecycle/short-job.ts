import { parentPort } from 'node:worker_threads';
import { Simulator } from '../../ts/simulator.js';
import { randomNetwork, uniforms } from '../conformance/random-nets.js';

// A worker's program: the outputs of a small network, as they are in every thread.
const simulator = new Simulator(randomNetwork([4, 33, 3]), { steps: 200, encoding: 'poisson' });
const { out } = await simulator.run(uniforms(4 * 50, 0, 1, 5), { seed: 3 });
parentPort?.postMessage(out);
