import { createHash } from 'node:crypto';
import { Network, Simulator, convert, engineInfo, readNpzFile, selectArray, toFloat32 } from 'spiq';
import type { SimulationOptions } from 'spiq';

const network = await Network.load('models/cartpole-dqn.onnx');
const recorded = selectArray(readNpzFile('models/cartpole-dqn.calibration.npz'));
const calibration = toFloat32(recorded).data;
const spiking = await convert(network, { calibration });
const observations = calibration.subarray(0, 240 * network.inputSize);

/** A digest of every neuron's spike count for every observation, which are given `batch` at a time. */
async function digest(options: SimulationOptions, batch: number): Promise<string> {
  const simulator = new Simulator(spiking, { steps: 200, twoInputNeurons: true, ...options });
  const hashes = simulator.layers.map(() => createHash('sha256'));
  const rows = observations.length / network.inputSize;
  for (let first = 0; first < rows; first += batch) {
    const part = observations.subarray(
      first * network.inputSize,
      (first + batch) * network.inputSize,
    );
    // Poisson input is drawn by the observation's place in the whole stream, so that place is told.
    const run = { seed: 7, firstObservation: first, record: { counts: true } };
    const { counts } = await simulator.run(part, run);
    counts!.forEach((layer, index) => hashes[index]!.update(layer));
  }
  return hashes.map((hash) => hash.digest('hex').slice(0, 8)).join(' ');
}

const digests = new Set<string>();
for (const isa of engineInfo().isas) {
  for (const threads of [1, 4]) {
    for (const batch of [1, 7, 240]) {
      const options = { encoding: 'poisson', decoding: 'spikes', isa, threads } as const;
      const found = await digest(options, batch);
      digests.add(found);
      const setting = `${isa.padEnd(8)}  threads ${threads}  batches of ${String(batch).padStart(3)}`;
      console.log(`${setting}  ${found}`);
    }
  }
}
if (digests.size > 1) throw new Error('the spikes differ');
console.log('the same spikes in all of them');
