/** Why an operator cannot become spikes, and what its owner can do, for those that exporters write most. */
interface Advice {
  readonly why: string;
  readonly whatToDo: string;
}

const families: readonly (readonly [Advice, readonly string[]])[] = [
  [
    {
      why: 'a spiking neuron computes a ReLU and no other activation',
      whatToDo: 'train the network with ReLU (or ReLU6, LeakyReLU)',
    },
    [
      'Celu',
      'Elu',
      'Erf',
      'Gelu',
      'HardSigmoid',
      'HardSwish',
      'Mish',
      'Selu',
      'Softplus',
      'Softsign',
      'Swish',
      'Tanh',
      'ThresholdedRelu',
      'Shrink',
      'Hardmax',
    ],
  ],
  [
    {
      why: 'its state from step to step is no layer of a feed-forward network',
      whatToDo: 'use a network without recurrent layers',
    },
    ['GRU', 'LSTM', 'RNN', 'Scan'],
  ],
  [
    {
      why: 'control flow depends on values, which a graph cannot',
      whatToDo: 'export the network without it (in PyTorch: without if and for on tensors)',
    },
    ['If', 'Loop'],
  ],
  [
    {
      why: 'attention multiplies computed values, which spikes cannot',
      whatToDo: 'use a convolutional or fully connected network',
    },
    ['Attention', 'MultiHeadAttention', 'RotaryEmbedding'],
  ],
  [
    {
      why: 'it normalises by numbers that depend on each observation, which weights cannot take up',
      whatToDo: 'train the network with BatchNorm, or without normalisation',
    },
    [
      'GroupNormalization',
      'InstanceNormalization',
      'LRN',
      'LayerNormalization',
      'LpNormalization',
      'MeanVarianceNormalization',
      'RMSNormalization',
    ],
  ],
  [
    {
      why: 'it works on quantised values',
      whatToDo: 'export the float network, before its quantisation',
    },
    [
      'ConvInteger',
      'DequantizeLinear',
      'DynamicQuantizeLinear',
      'MatMulInteger',
      'QLinearConv',
      'QLinearMatMul',
      'QuantizeLinear',
    ],
  ],
  [
    {
      why: 'it is not a linear function of its input, and no ReLU either',
      whatToDo: 'export the network without it, or train it with ReLU',
    },
    [
      'Abs',
      'Ceil',
      'Cos',
      'Exp',
      'Floor',
      'Log',
      'LpPool',
      'Mod',
      'Pow',
      'Reciprocal',
      'ReduceL2',
      'ReduceLogSumExp',
      'ReduceMin',
      'ReduceProd',
      'Round',
      'Sign',
      'Sin',
      'Sqrt',
      'Where',
    ],
  ],
];

const advices = new Map(
  families.flatMap(([advice, names]) => names.map((name): [string, Advice] => [name, advice])),
);

const general: Advice = {
  why: 'spiq has no translation for this operator',
  whatToDo: 'use the operators that the formats document lists',
};

export function adviceFor(operator: string): Advice {
  return advices.get(operator) ?? general;
}
