/** Peak resident memory of this process in bytes: `node probe.js idle|nature`. */
import process from 'node:process';
import { Random } from '../../ts/env/random.js';
import { engineInfo } from '../../ts/info.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import { infer } from '../simulate/infer.js';
import { chainGraph, drawLayers, drawUniform } from '../simulate/network.js';
import { elements, nets } from '../simulate/nets.js';

const batch = 16;
const steps = 500;

engineInfo();
if (process.argv[2] === 'nature') {
  const { input } = nets.nature;
  const random = new Random(1);
  const network = Network.fromGraph(chainGraph(input, drawLayers(nets.nature, random), 'spiking'));
  const simulator = new Simulator(network, { steps, threads: 2, epsilon: 0 });
  const observations = drawUniform(random, batch * elements(input), 0, 1);
  infer(simulator, observations, new Float32Array(batch * simulator.outputSize));
}
const bytesOfKilobyte = 1024;
process.stdout.write(JSON.stringify(process.resourceUsage().maxRSS * bytesOfKilobyte));
