"""The same simulations once more as a plain torch loop, which shares no code with the others.

It covers what the traced cases use, and is held to every state of every step.
"""

import numpy as np
import torch

TOLERANCE = 1e-12


def check_with_torch(net, observations, options, result):
    states = {'dsqn': dsqn_states, 'direct': direct_states}[options.semantics](
        net, torch.from_numpy(observations), options
    )
    for name, values in states.items():
        ours = result.trace[name]
        theirs = torch.stack(values).numpy()
        assert ours.shape == theirs.shape, (options, name)
        assert np.abs(ours - theirs).max() <= TOLERANCE, (options, name)
    print(f'torch agrees on {len(states)} traces of {options}')


def prepared(net):
    weights = [torch.from_numpy(w).double() for w in net.weights]
    return weights, [torch.from_numpy(b).double() for b in net.biases]


def blank(depth):
    return {f'{kind}{layer}': [] for layer in range(depth) for kind in 'vis'}


def dsqn_states(net, observations, options):
    weights, biases = prepared(net)
    states = blank(len(weights))
    v = [torch.zeros(len(observations), len(b), dtype=torch.float64) for b in biases]
    i = [torch.zeros_like(x) for x in v]
    emitted = torch.ones_like(observations)
    for t in range(options.T):
        if options.encoding == 'constant':
            x = observations.double()
        else:
            x = (torch.round(observations.reciprocal() * emitted) == t).double()
            emitted += x.float()
        for l, weight in enumerate(weights):
            silent = l == len(weights) - 1 and options.decoding == 'potential'
            s = torch.zeros_like(v[l]) if silent else (v[l] > options.threshold).double()
            v[l] = options.beta * v[l] + i[l]
            v[l] = v[l] - s if options.reset == 'subtraction' else v[l] * (1 - s)
            i[l] = options.alpha * i[l] + torch.addmm(biases[l], x, weight)
            x = s
            for name, value in (('v', v[l]), ('i', i[l]), ('s', s)):
                states[f'{name}{l}'].append(value.clone())
    return states


def direct_states(net, observations, options):
    weights, biases = prepared(net)
    states = blank(len(weights))
    theta = options.threshold * (1 - options.epsilon)
    v = [torch.zeros(len(observations), len(b), dtype=torch.float64) for b in biases]
    i = [torch.zeros_like(x) for x in v]
    wakes = [torch.zeros_like(x) for x in v]
    x64 = observations.double()
    for t in range(options.T):
        x = x64
        if options.encoding == 'equidistant':
            x = ((x64 * (t + 1)).floor() > (x64 * t).floor()) & (x64 > 0) | (x64 >= 1)
            x = x.double()
        for l, weight in enumerate(weights):
            c = torch.addmm(biases[l], x, weight)
            s = torch.zeros_like(v[l])
            accumulator = l == len(weights) - 1 and options.decoding == 'potential'
            for row in range(len(observations)):
                for unit in range(len(biases[l])):
                    at = (row, unit)
                    awake = t >= wakes[l][at]
                    i[l][at] = options.alpha * i[l][at] + (c[at] if awake else 0)
                    if awake:
                        v[l][at] = options.beta * v[l][at] + i[l][at]
                    if awake and not accumulator:
                        s[at] = fire_one(v[l], at, theta, options)
                        if s[at] != 0:
                            wakes[l][at] = t + 1 + options.refractory
            x = s
            for name, value in (('v', v[l]), ('i', i[l]), ('s', s)):
                states[f'{name}{l}'].append(value.clone())
    return states


def fire_one(v, at, theta, options):
    left, count = float(v[at]), 0
    while left >= theta and count < options.burst:
        left, count = left - theta, count + 1
    while options.ternary and left <= -theta and count > -options.burst:
        left, count = left + theta, count - 1
    if options.reset == 'subtraction':
        v[at] = left
    elif count != 0:
        v[at] = options.reset_value if options.reset == 'value' else 0.0
    return count
