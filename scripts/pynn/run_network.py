"""Runs the spiking network beside this file in NEST or on SpiNNaker, through PyNN.

    python run_network.py --obs observations.npz [--backend nest | spynnaker] [--out result.npz] [--copies 64]

network.json says what the network is, network.npz holds its weights. Observations are an array [rows, inputs], .npy or the
first one of an .npz. result.npz holds `out` [rows, outputs] (potentials of the output layer, or its spikes), `potentials`
and for each layer that fires `spikes0`, `spikes1` … [rows, units]. It needs numpy and PyNN, with NEST 3.9 or newer or with
sPyNNaker; on a SpiNNaker board the results are approximate (neurons leak there, and weights have 16 bits).
"""

import argparse
import json
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
# A time constant without a leak, whose factor for currents is exactly 1 in double precision; in ms.
NO_LEAK = 2.0**52
# Of parameters on SpiNNaker, which are s16.15.
LARGEST_PARAMETER = 65535.0
NEVER = 1e9


def read_network():
    network = json.loads((HERE / 'network.json').read_text(encoding='utf8'))
    if network['format'] != 'spiq-pynn' or network['version'] != 1:
        raise SystemExit(f'network.json: expected spiq-pynn 1, received {network["format"]}')
    arrays = np.load(HERE / 'network.npz')
    network['factor'], network['offset'] = arrays['factor'], arrays['offset']
    for number, layer in enumerate(network['layers']):
        layer['bias'] = arrays[f'b{number}']
        theta, epsilon = arrays[f'theta{number}'], network['epsilon']
        # Under 'dsqn' a neuron fires above its threshold; NEST's do so at it.
        dsqn = network['semantics'] == 'dsqn'
        layer['theta'] = np.nextafter(theta, np.inf) if dsqn else theta * (1 - epsilon)
        # Connections from a neuron before to a neuron of this layer, with their weights.
        layer['pre'], layer['post'] = arrays[f'pre{number}'], arrays[f'post{number}']
        layer['weight'] = arrays[f'weight{number}']
    return network


def read_observations(file, network):
    loaded = np.load(file)
    rows = loaded if isinstance(loaded, np.ndarray) else loaded[loaded.files[0]]
    rows = np.asarray(rows, np.float64).reshape(len(rows), -1)
    if rows.shape[1] != network['observationSize']:
        raise SystemExit(f'{file}: expected rows of {network["observationSize"]} numbers')
    if not np.isfinite(rows).all():
        raise SystemExit(f'{file}: expected finite numbers')
    rows = rows * network['factor'] + network['offset']
    return np.hstack([rows, np.ones((len(rows), network['inputs'] - rows.shape[1]))])


def first_currents(layer, rows):
    """What the first layer gets in every step, [rows, units]: inputs in ascending order, the bias last."""
    currents = np.zeros((len(rows), layer['units']))
    for pre, post, weight in zip(layer['pre'], layer['post'], layer['weight'], strict=True):
        currents[:, post] += weight * rows[:, pre]
    return currents + layer['bias']


def block(layer, copies, before):
    """The connections of as many copies of the network side by side: [connections, (pre, post, weight)]."""
    shift = np.arange(copies)[:, None]
    pre = (layer['pre'] + before * shift).ravel()
    post = (layer['post'] + layer['units'] * shift).ravel()
    return pre, post, np.tile(layer['weight'], copies)


def connections(pre, post, weights, chosen=slice(None), delay=1.0):
    """`delay` in ms, a step each."""
    return [
        (int(i), int(j), float(w), delay)
        for i, j, w in zip(pre[chosen], post[chosen], weights[chosen], strict=True)
    ]


def counts_of(population, first, last):
    """Spikes of each neuron at times from `first` to `last` in ms."""
    trains = population.get_data('spikes').segments[-1].spiketrains
    counts = np.zeros(population.size, np.uint32)
    for train in trains:
        times = np.round(np.asarray(train.magnitude, np.float64))
        counts[train.annotations['source_index']] = ((times >= first) & (times <= last)).sum()
    return counts


class Frame:
    """When what happens: under 'direct' each layer begins a step after the one before, under 'dsqn' a spike takes two
    steps, all begin at once, and the first two steps of the semantics bring no spike.
    """

    def __init__(self, network):
        self.dsqn = network['semantics'] == 'dsqn'
        self.delay = 2.0 if self.dsqn else 1.0
        self.inputs = network['steps'] - (1 if self.dsqn else 0)
        self._tests = max(network['steps'] - 2, 0) if self.dsqn else network['steps']
        self.end = self.inputs + self._lag(len(network['layers']) - 1) + 2

    def _lag(self, number):
        return 0 if self.dsqn else number

    def beats(self, number):
        """When a layer's bias is sent. NEST's own generator works a step ahead of the source, and not at time 0."""
        return np.arange(2.0, self.inputs + 2.0) + self._lag(number)

    def counted(self, number):
        """The first and the last time at which a spike counts."""
        first = 3 + self._lag(number)
        return first, first + self._tests - 1


class Nest:
    """The network's own neurons: spikes and potentials are those of spiq in double precision."""

    def __init__(self):
        import nest
        import pyNN.nest as sim

        self.nest, self.sim = nest, sim

    def cell(self, network, layer):
        model = 'eprop_iaf' if network['reset'] == 'subtraction' else 'iaf_psc_delta'
        kind = self.sim.native_cell_type(model)
        # PyNN cannot pass arrays beside parameters that are true or false.
        for name, value in list(kind.default_parameters.items()):
            if isinstance(value, bool | np.bool_):
                del kind.default_parameters[name]
        parameters = {'C_m': 1.0, 'tau_m': NO_LEAK, 'E_L': 0.0, 't_ref': 0.0, 'I_e': 0.0}
        if model == 'iaf_psc_delta':
            parameters['V_reset'] = 0.0
            # Under 'dsqn' the input of the step after a spike is lost too.
            if network['semantics'] == 'dsqn' and layer['fires']:
                parameters['t_ref'] = 1.0
        theta = NEVER if not layer['fires'] else layer['theta']
        return kind(**parameters, V_th=theta)

    def run(self, network, currents):
        """Biases are spikes of a source that begins with its layer, so that none comes early."""
        copies, frame, sim = len(currents), Frame(network), self.sim
        sim.setup(timestep=1.0, min_delay=1.0, max_delay=2.0, spike_precision='on_grid')
        self.nest.spike_buffer_shrink_limit = 0
        populations = []
        for number, layer in enumerate(network['layers']):
            theta = np.tile(layer['theta'], copies)
            population = sim.Population(
                copies * layer['units'], self.cell(network, {**layer, 'theta': theta})
            )
            population.node_collection.V_m = 0.0
            if layer['fires']:
                population.record('spikes')
            source = sim.Population(1, sim.SpikeSourceArray(spike_times=frame.beats(number)))
            bias = currents.ravel() if number == 0 else np.tile(layer['bias'], copies)
            units = np.arange(population.size)
            self.connect(source, population, np.zeros_like(units), units, bias)
            if number > 0:
                before = network['layers'][number - 1]['units']
                listed = block(layer, copies, before)
                self.connect(populations[-1], population, *listed, delay=frame.delay)
            populations.append(population)
        end = frame.end
        # PyNN's first run is longer by the least delay.
        sim.run(end - 1.0)
        if round(self.nest.biological_time) != end:
            raise SystemExit(
                f'NEST: expected to stand at {end} ms, it is {self.nest.biological_time}'
            )
        potentials = np.array(populations[-1].node_collection.V_m).reshape(copies, -1)
        # Spikes are written down a step after they were fired.
        sim.run(1.0)
        counts = [
            counts_of(population, *frame.counted(number)).reshape(copies, -1)
            for number, population in enumerate(populations)
            if network['layers'][number]['fires']
        ]
        if frame.dsqn and network['layers'][-1]['fires']:
            # NEST has taken the threshold already, which 'dsqn' does a step later.
            fired = counts_of(populations[-1], end, end).reshape(copies, -1)
            potentials += fired * network['layers'][-1]['theta']
        sim.end()
        return counts, potentials

    def connect(self, source, target, pre, post, weights, delay=1.0):
        """PyNN multiplies weights by 1000 on their way to NEST, which native cells do not expect."""
        chosen = weights != 0
        listed = connections(pre, post, weights / 1000, chosen, delay)
        if listed:
            self.sim.Projection(source, target, self.sim.FromListConnector(listed))


class Spynnaker:
    """Leaky neurons with the longest time constant that keeps currents in range."""

    def __init__(self):
        import pyNN.spiNNaker as sim

        self.sim = sim

    def run(self, network, currents):
        if network['reset'] != 'zero' or network['semantics'] != 'direct':
            raise SystemExit("SpiNNaker: expected reset 'zero' and semantics 'direct'")
        copies, steps, sim = len(currents), network['steps'], self.sim
        sim.setup(timestep=1.0)
        populations = []
        for number, layer in enumerate(network['layers']):
            bias = currents.ravel() if number == 0 else np.tile(layer['bias'], copies)
            cell = sim.IF_curr_delta(
                tau_m=self.time_constant(layer, bias),
                cm=1.0,
                v_rest=0.0,
                v_reset=0.0,
                tau_refrac=0.0,
                v_thresh=np.tile(layer['theta'], copies) if layer['fires'] else LARGEST_PARAMETER,
                i_offset=bias,
            )
            population = sim.Population(copies * layer['units'], cell)
            # A layer runs a step later than the one before: what its bias adds meanwhile is taken off first.
            population.initialize(v=-number * bias)
            population.record('spikes' if layer['fires'] else 'v')
            if number > 0:
                before = network['layers'][number - 1]['units']
                self.connect(populations[-1], population, *block(layer, copies, before))
            populations.append(population)
        sim.run(steps + len(populations))
        counts = [
            counts_of(population, number, number + steps - 1).reshape(copies, -1)
            for number, population in enumerate(populations)
            if network['layers'][number]['fires']
        ]
        potentials = np.zeros((copies, network['layers'][-1]['units']))
        if not network['layers'][-1]['fires']:
            signals = populations[-1].get_data('v').segments[-1].analogsignals
            if signals and len(signals[0]) > 0:
                last = min(steps + len(populations) - 1, len(signals[0]) - 1)
                potentials = np.asarray(signals[0].magnitude)[last].reshape(copies, -1)
        sim.end()
        return counts, potentials

    @staticmethod
    def time_constant(layer, bias):
        inputs = np.zeros(layer['units'])
        np.add.at(inputs, layer['post'], np.abs(layer['weight']))
        worst = max(1.0, inputs.max(initial=0.0) + np.abs(bias).max(initial=0.0))
        return 2.0 ** np.floor(np.log2(LARGEST_PARAMETER / worst))

    def connect(self, source, target, pre, post, weights):
        """The sign of a weight is that of its receptor."""
        for receptor, chosen in (('excitatory', weights > 0), ('inhibitory', weights < 0)):
            listed = connections(pre, post, np.abs(weights), chosen)
            if listed:
                connector = self.sim.FromListConnector(listed)
                self.sim.Projection(source, target, connector, receptor_type=receptor)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--obs', required=True, help='observations [rows, inputs], .npy or .npz')
    parser.add_argument('--backend', choices=['nest', 'spynnaker'], default='nest')
    parser.add_argument('--out', default='result.npz')
    parser.add_argument('--copies', type=int, default=64, help='observations of one run')
    options = parser.parse_args()
    network = read_network()
    rows = read_observations(options.obs, network)
    currents = first_currents(network['layers'][0], rows)
    simulator = Nest() if options.backend == 'nest' else Spynnaker()
    parts = [
        simulator.run(network, currents[at : at + options.copies])
        for at in range(0, len(rows), options.copies)
    ]
    potentials = np.vstack([part[1] for part in parts])
    counts = [np.vstack(layers) for layers in zip(*(part[0] for part in parts), strict=True)]
    out = counts[-1].astype(np.float64) if network['layers'][-1]['fires'] else potentials
    named = {f'spikes{number}': layer for number, layer in enumerate(counts)}
    np.savez(options.out, out=out, potentials=potentials, **named)
    print(f'{len(rows)} observations, actions {out.argmax(axis=1)[:20].tolist()}, to {options.out}')


if __name__ == '__main__':
    main()
