import type { NeuronAttributes } from '../../ts/graph.js';
import { encodings } from '../../ts/simulator.js';
import type { SimulationOptions } from '../../ts/simulator.js';

export interface Setting {
  readonly label: string;
  readonly neurons: NeuronAttributes;
  readonly options: SimulationOptions;
}

const direct: Record<string, NeuronAttributes> = {
  plain: {},
  leaky: { alpha: 0.3, beta: 0.95 },
  rich: { ternary: true, burst: 3 },
  resting: { reset: 'value', resetValue: 0.1, refractory: 2 },
};

const dsqn: Record<string, NeuronAttributes> = {
  plain: {},
  zero: { reset: 'zero', alpha: 0.3, beta: 0.95 },
};

/** Both semantics with every encoding they have, every decoding in turn, and several kinds of neurons. */
export function allSettings(): Setting[] {
  const settings: Setting[] = [];
  for (const [semantics, kinds] of [
    ['direct', direct],
    ['dsqn', dsqn],
  ] as const) {
    const decodings =
      semantics === 'direct'
        ? (['potential', 'spikes', 'mean_potential', 'max_potential', 'first_spike'] as const)
        : (['spikes', 'potential', 'first_spike'] as const);
    Object.entries(kinds).forEach(([kind, neurons], k) => {
      encodings.forEach((encoding, e) => {
        if (semantics === 'dsqn' && encoding === 'latency') return;
        const decoding = decodings[(k + e) % decodings.length]!;
        const label = `${semantics}, ${kind}, ${encoding}, ${decoding}`;
        settings.push({ label, neurons, options: { semantics, encoding, decoding, steps: 45 } });
      });
    });
  }
  return settings;
}
