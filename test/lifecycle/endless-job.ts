import { parentPort } from 'node:worker_threads';
import { Simulator } from '../../ts/simulator.js';
import { randomNetwork } from '../conformance/random-nets.js';

// A worker's program: hours of work; the message tells that it has begun.
const simulator = new Simulator(randomNetwork([2, 3, 1]), { steps: 10_000_000 });
const job = simulator.run(new Float32Array(2 * 20_000).fill(1));
parentPort!.postMessage('begun');
await job;
