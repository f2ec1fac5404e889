interface Agent {
  readonly agent: string;
  readonly environment: 'cart-pole' | 'mountain-car';
  /** File of the network, and of the one whose actions are compared, among the published networks. */
  readonly network: string;
  readonly compared?: string;
}

/** What Hahn's thesis (2020) tells of the published agents on NEST and on a SpiNNaker board: tables 4.12 to 4.14. */
export interface ThesisRow extends Agent {
  readonly table: '4.12' | '4.13' | '4.14';
  readonly model?: 'iaf_psc_delta' | 'pp_psc_delta';
  readonly steps: number;
  /** Mean return, its deviation where it is told, and % of equal actions. */
  readonly published: { readonly mean: number; readonly std?: number; readonly similarity: number };
}

type Figures = readonly [mean: number, similarity: number, std?: number];

const converted = (agent: string, environment: Agent['environment'], name: string): Agent => ({
  agent,
  environment,
  network: `sqn/${name}__robust_p99.npz`,
  compared: `nets/${name}.onnx`,
});

const cartPoleDqn = converted('CartPole DQN', 'cart-pole', 'cartpole_a_dqn');
const cartPoleClassifier = converted('CartPole classifier', 'cart-pole', 'cartpole_a_classifier');
const mountainCarDqn = converted('MountainCar DQN', 'mountain-car', 'mountaincar_b_dqn');
const cartPoleDsqn: Agent = {
  agent: 'CartPole DSQN',
  environment: 'cart-pole',
  network: 'sqn/snn_cartpole_e.npz',
};
const mountainCarDsqn: Agent = {
  agent: 'MountainCar DSQN',
  environment: 'mountain-car',
  network: 'sqn/snn_mountaincar_e_best.npz',
};

const [iaf, pp] = ['iaf_psc_delta', 'pp_psc_delta'] as const;

function row(
  table: ThesisRow['table'],
  agent: Agent,
  model: ThesisRow['model'] | undefined,
  steps: number,
  [mean, similarity, std]: Figures,
): ThesisRow {
  return {
    table,
    ...agent,
    ...(model && { model }),
    steps,
    published: { mean, similarity, ...(std !== undefined && { std }) },
  };
}

/** Those whose networks were published: the REINFORCE agent's and MountainCar's classifier's were not. */
export const thesisRows: readonly ThesisRow[] = [
  row('4.12', cartPoleDqn, iaf, 100, [102.75, 58.88, 3.1]),
  row('4.12', cartPoleDqn, iaf, 500, [109.58, 60.53]),
  row('4.12', cartPoleDqn, pp, 100, [318.18, 78.1]),
  row('4.12', cartPoleDqn, pp, 500, [453.2, 78.76]),
  row('4.12', cartPoleClassifier, iaf, 100, [201.97, 94.73]),
  row('4.12', cartPoleClassifier, iaf, 500, [224.34, 98.69]),
  row('4.12', cartPoleClassifier, pp, 100, [273.35, 93.16]),
  row('4.12', cartPoleClassifier, pp, 500, [232.84, 98.99]),
  row('4.12', mountainCarDqn, iaf, 100, [-150.08, 89.46]),
  row('4.12', mountainCarDqn, iaf, 500, [-137.9, 92.86]),
  row('4.12', mountainCarDqn, pp, 100, [-500, 7.86]),
  row('4.12', mountainCarDqn, pp, 500, [-157.5, 95.31]),
  row('4.13', cartPoleDsqn, iaf, 20, [500, 67.59]),
  row('4.13', cartPoleDsqn, pp, 20, [500, 66.25]),
  row('4.13', mountainCarDsqn, iaf, 20, [-159.83, 61.83]),
  row('4.13', mountainCarDsqn, pp, 20, [-165.71, 60.44]),
  row('4.14', cartPoleDqn, undefined, 100, [42.2, 61.61]),
  row('4.14', cartPoleDqn, undefined, 500, [33.8, 58.58]),
  row('4.14', cartPoleClassifier, undefined, 100, [174.4, 90.71]),
  row('4.14', cartPoleClassifier, undefined, 500, [188.2, 93.41]),
  row('4.14', mountainCarDqn, undefined, 100, [-500, 19.36]),
  row('4.14', mountainCarDqn, undefined, 500, [-227.8, 16.42]),
  row('4.14', cartPoleDsqn, undefined, 20, [288.2, 74.25]),
  row('4.14', mountainCarDsqn, undefined, 20, [-220.4, 36.66]),
];
