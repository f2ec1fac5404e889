import { Network, Simulator, convert, readNpzFile, selectArray, toFloat32 } from 'spiq';

const network = await Network.load('models/cartpole-dqn.onnx');
const recorded = selectArray(readNpzFile('models/cartpole-dqn.calibration.npz'));
const calibration = toFloat32(recorded).data;
const spiking = await convert(network, { method: 'robust', percentile: 0.99, calibration });

const observations = calibration.subarray(0, 100 * network.inputSize);
const expected = network.forwardSync(observations);
for (const steps of [10, 100, 1000, 10000]) {
  const { q, rows, totalSpikes } = await new Simulator(spiking, { steps }).run(observations);
  const spikes = totalSpikes.reduce((sum, count) => sum + count, 0) / rows;
  let distance = 0;
  for (let i = 0; i < expected.length; i += 1) distance += Math.abs(q![i]! - expected[i]!);
  const mean = (distance / expected.length).toFixed(3);
  console.log(`${steps} steps: ${spikes.toFixed(1)} spikes, ${mean} away from the float network`);
}
