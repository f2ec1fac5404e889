/** Why an operator cannot become spikes, and what its owner can do, for those that exporters write most. */
interface Advice {
  readonly why: string;
  readonly whatToDo: string;
}

const outputPart: Advice = {
  why: 'it turns the values into a choice or a probability, which is not part of the network proper',
  whatToDo: 'export the network up to the values before it',
};

const otherActivation: Advice = {
  why: 'a spiking neuron computes a ReLU and no other activation',
  whatToDo: 'train the network with ReLU',
};

const preparation: Advice = {
  why: 'it prepares the observation',
  whatToDo: 'do that before spiq and export the network without it',
};

const training: Advice = {
  why: 'it only acts in training',
  whatToDo: 'export the network in inference mode (model.eval() in PyTorch)',
};

const advices: Readonly<Record<string, Advice>> = {
  ArgMax: outputPart,
  Softmax: outputPart,
  LogSoftmax: outputPart,
  Sigmoid: otherActivation,
  Tanh: otherActivation,
  Elu: otherActivation,
  Gelu: otherActivation,
  HardSigmoid: otherActivation,
  HardSwish: otherActivation,
  LeakyRelu: otherActivation,
  Selu: otherActivation,
  Softplus: otherActivation,
  Cast: preparation,
  Div: preparation,
  Mul: preparation,
  Sub: preparation,
  Dropout: training,
};

const general: Advice = {
  why: 'spiq has no translation for this operator',
  whatToDo: 'use Gemm, MatMul, Add, Relu, Flatten, Reshape, Identity and Constant only',
};

export function adviceFor(operator: string): Advice {
  return (Object.hasOwn(advices, operator) ? advices[operator] : undefined) ?? general;
}
