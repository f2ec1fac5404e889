import {
  CartPole,
  Network,
  Simulator,
  convert,
  evaluate,
  floatPolicy,
  readNpzFile,
  selectArray,
  spikingPolicy,
  toFloat32,
} from 'spiq';

const network = await Network.load('models/cartpole-dqn.onnx');
const recorded = selectArray(readNpzFile('models/cartpole-dqn.calibration.npz'));
const spiking = await convert(network, { calibration: toFloat32(recorded).data });
const common = { environment: () => new CartPole(), episodes: 20, seed: 0 };

const float = await evaluate({ ...common, act: floatPolicy(network).act });
console.log(`float network: mean return ${float.mean.toFixed(1)}`);

for (const steps of [20, 100, 300]) {
  const policy = spikingPolicy(new Simulator(spiking, { steps }));
  const play = await evaluate({
    ...common,
    act: policy.act,
    compareWith: floatPolicy(network).act,
  });
  const similarity = (100 * play.similarity!).toFixed(1);
  const spikes = (policy.spikes() / play.steps).toFixed(1);
  console.log(
    `spiking, ${String(steps).padStart(3)} steps: mean return ${play.mean.toFixed(1)}, ` +
      `same action ${similarity} %, ${spikes} spikes per observation`,
  );
}
