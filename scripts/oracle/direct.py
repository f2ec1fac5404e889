"""spiq's default semantics: a spike reaches every later layer in the step in which it is fired."""

import numpy as np

from .encode import encode, expand_inputs, weighted_sum
from .options import Recorder


class Layer:
    def __init__(self, rows, units, options):
        self.options = options
        self.theta = options.threshold * (1 - options.epsilon)
        self.i = np.zeros((rows, units))
        self.v = np.zeros((rows, units))
        self.rest = np.zeros((rows, units), np.int64)

    def integrate(self, c):
        held = self.rest > 0
        self.i = self.options.alpha * self.i + np.where(held, 0.0, c)
        self.v = np.where(held, self.v, self.options.beta * self.v + self.i)

    def fire(self):
        """Signed spikes of this step, and per row the smallest distance met in a comparison."""
        awake = self.rest == 0
        spikes, left, distance = self.count_towards(1, self.v, awake)
        if self.options.ternary:
            down, left, distance_down = self.count_towards(-1, left, awake)
            spikes = spikes - down
            distance = np.minimum(distance, distance_down)
        self.reset(spikes, left)
        self.rest = np.where(spikes != 0, self.options.refractory, np.maximum(self.rest - 1, 0))
        return spikes, distance.min(axis=1)

    def count_towards(self, sign, v, awake):
        """`burst` comparisons at most; a unit's comparisons end with the first that fails."""
        v = v.copy()
        count = np.zeros(v.shape, np.int32)
        distance = np.full(v.shape, np.inf)
        comparing = awake
        for _ in range(self.options.burst):
            gap = np.abs(sign * v - self.theta)
            distance = np.where(comparing, np.minimum(distance, gap), distance)
            comparing = comparing & (sign * v >= self.theta)
            v = np.where(comparing, v - sign * self.theta, v)
            count += comparing
        return count, v, distance

    def reset(self, spikes, left):
        if self.options.reset == 'subtraction':
            self.v = left
        else:
            target = self.options.reset_value if self.options.reset == 'value' else 0.0
            self.v = np.where(spikes != 0, target, self.v)


def simulate_direct(net, observations, options, given_spikes=None, with_trace=False):
    weights, observations = expand_inputs(net, observations, options)
    inputs = encode(observations, options, given_spikes)
    rows = inputs.shape[1]
    recorder = Recorder(net, rows, options, with_trace)
    layers = [Layer(rows, w.shape[1], options) for w in weights]
    for t in range(options.T):
        signal = inputs[t]
        for index, layer in enumerate(layers):
            layer.integrate(weighted_sum(signal, weights[index], net.biases[index]))
            spikes, margin = np.zeros(layer.v.shape, np.int32), np.full(rows, np.inf)
            if recorder.fires(index):
                spikes, margin = layer.fire()
            signal = spikes.astype(np.float64)
            recorder.layer_done(index, layer.v, layer.i, spikes, margin)
        recorder.step_done(t, signal)
    return recorder.result()
