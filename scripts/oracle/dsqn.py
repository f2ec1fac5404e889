"""The published semantics (Hahn 2020): strict threshold, subtraction of 1, two steps a layer."""

import numpy as np

from .encode import encode, expand_inputs, weighted_sum
from .options import Recorder


def simulate_dsqn(net, observations, options, given_spikes=None, with_trace=False):
    weights, observations = expand_inputs(net, observations, options)
    inputs = encode(observations, options, given_spikes)
    rows = inputs.shape[1]
    recorder = Recorder(net, rows, options, with_trace)
    potential = [np.zeros((rows, w.shape[1])) for w in weights]
    current = [np.zeros((rows, w.shape[1])) for w in weights]
    for t in range(options.T):
        signal = inputs[t]
        for layer, weight in enumerate(weights):
            drive = weighted_sum(signal, weight, net.biases[layer])
            overshoot = potential[layer] - options.threshold
            spikes = (overshoot > 0) & recorder.fires(layer)
            charged = options.beta * potential[layer] + current[layer]
            if options.reset == 'subtraction':
                potential[layer] = charged - spikes
            else:
                potential[layer] = np.where(spikes, 0.0, charged)
            current[layer] = options.alpha * current[layer] + drive
            signal = spikes.astype(np.float64)
            margin = np.abs(overshoot).min(axis=1)
            recorder.layer_done(
                layer, potential[layer], current[layer], spikes.astype(np.int32), margin
            )
        recorder.step_done(t, signal)
    return recorder.result()
