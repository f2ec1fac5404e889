"""Observations to what reaches the first layer, values or spikes: float64 [T, rows, inputs]."""

import numpy as np


def encode(observations, options, given_spikes):
    if options.encoding == 'spikes':
        return given_spikes.astype(np.float64)
    if options.encoding == 'constant':
        return np.repeat(observations.astype(np.float64)[None], options.T, axis=0)
    if options.encoding == 'equidistant':
        published = options.semantics == 'dsqn'
        return (equidistant_dsqn if published else equidistant_direct)(observations, options.T)
    if options.encoding == 'latency':
        return latency(observations, options.T)
    raise ValueError(f'no encoding {options.encoding!r}')


def equidistant_dsqn(observations, T):
    """As published, float32 arithmetic and the jam above 1 included."""
    x = observations.astype(np.float32)
    with np.errstate(divide='ignore'):
        interval = np.float32(1) / x
    k = np.ones_like(x)
    spikes = np.zeros((T, *x.shape))
    for t in range(T):
        due = np.rint(interval * k) == t
        spikes[t] = due
        k += due
    return spikes


def equidistant_direct(observations, T):
    x = observations.astype(np.float64)
    spikes = np.zeros((T, *x.shape))
    for t in range(T):
        spikes[t] = np.floor(x * (t + 1)) > np.floor(x * t)
    spikes[:, x >= 1] = 1
    spikes[:, x <= 0] = 0
    return spikes


def latency(observations, T):
    x = observations.astype(np.float64)
    when = np.floor((1 - np.minimum(x, 1)) * (T - 1) + 0.5)
    return np.stack([(when == t) & (x > 0) for t in range(T)]).astype(np.float64)


def expand_inputs(net, observations, options):
    """The two-input split, then the constant 1: first matrix and observations of matching width."""
    first = net.weights[0].astype(np.float64)
    width = observations.shape[1]
    if options.two_input_neurons:
        observations = np.concatenate(
            [np.maximum(observations, 0), np.maximum(-observations, 0)], axis=1
        )
        first = np.concatenate([first[:width], -first[:width], first[width:]])
    if options.bias_as_observation:
        ones = np.ones((len(observations), 1), observations.dtype)
        observations = np.concatenate([observations, ones], axis=1)
    return [first, *(w.astype(np.float64) for w in net.weights[1:])], observations


def weighted_sum(inputs, weight, bias):
    """Sums over inputs in ascending order, bias last, whatever BLAS the machine has."""
    total = (inputs.T[:, :, None] * weight[:, None, :]).sum(axis=0)
    return total if bias is None else total + bias.astype(np.float64)
