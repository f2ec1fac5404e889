"""What a simulation is asked for, and what it answers. Names are those of spiq's public options."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Net:
    """`weights[l]` is [in, out], `biases[l]` is [out] or None; both float32 values."""

    weights: tuple
    biases: tuple

    @property
    def depth(self):
        return len(self.weights)


@dataclass(frozen=True)
class Options:
    semantics: str
    T: int
    encoding: str = 'constant'
    decoding: str = 'potential'
    reset: str = 'subtraction'
    alpha: float = 0.0
    beta: float = 1.0
    threshold: float = 1.0
    two_input_neurons: bool = False
    bias_as_observation: bool = False
    reset_value: float = 0.0
    refractory: int = 0
    ternary: bool = False
    burst: int = 1
    epsilon: float = 1e-5

    @property
    def output_fires(self):
        return self.decoding in ('spikes', 'first_spike')


@dataclass
class Result:
    out: np.ndarray
    counts: list
    margin: np.ndarray
    steps: np.ndarray | None = None
    trace: dict = field(default_factory=dict)


class Recorder:
    """Collects what every step yields; a row whose `first_spike` has come takes no further part."""

    def __init__(self, net, rows, options, with_trace):
        self.options = options
        self.last = net.depth - 1
        self.firing = net.depth if options.output_fires else net.depth - 1
        self.counts = [
            np.zeros((rows, net.weights[layer].shape[1]), np.int32) for layer in range(self.firing)
        ]
        self.margin = np.full(rows, np.inf)
        self.running = np.ones(rows, bool)
        self.steps = np.full(rows, options.T, np.int32)
        self.first = np.full((rows, net.weights[-1].shape[1]), np.nan)
        self.output_potentials = []
        self.with_trace = with_trace
        self.trace = {}

    def fires(self, layer):
        return layer < self.firing

    def layer_done(self, layer, v, i, spikes, margin):
        if self.fires(layer):
            self.counts[layer][self.running] += spikes[self.running]
            self.margin[self.running] = np.minimum(self.margin, margin)[self.running]
        if layer == self.last:
            self.output_potentials.append(v.copy())
        if self.with_trace:
            for name, value in (('v', v), ('i', i), ('s', spikes)):
                kept = value.astype(np.int8) if name == 's' else value.copy()
                self.trace.setdefault(f'{name}{layer}', []).append(kept)

    def step_done(self, t, output_spikes):
        if self.options.decoding != 'first_spike':
            return
        now = self.running & (output_spikes != 0).any(axis=1)
        self.first[now] = output_spikes[now]
        self.steps[now] = t + 1
        self.running &= ~now

    def result(self):
        potentials = np.stack(self.output_potentials)
        out = {
            'potential': lambda: potentials[-1],
            'mean_potential': lambda: potentials.mean(axis=0),
            'max_potential': lambda: potentials.max(axis=0),
            'spikes': lambda: self.counts[-1].astype(np.float64),
            'first_spike': lambda: self.first,
        }[self.options.decoding]()
        steps = self.steps if self.options.decoding == 'first_spike' else None
        trace = {name: np.stack(values) for name, values in self.trace.items()}
        return Result(out, self.counts, self.margin, steps, trace)
