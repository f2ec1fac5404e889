"""Brian2 with its generated code, one network kept: potentials set back and T steps run in each call.

Updates, thresholds, synapses and resets are ordered layer by layer, so that a spike arrives in the step it was fired.
"""

import brian2 as b2
import numpy as np

VERSION = b2.__version__


def make(problem):
    if not problem.dense_only:
        raise NotImplementedError('fully connected networks only')
    b2.BrianLogger.log_level_error()
    b2.defaultclock.dt = 1 * b2.ms
    layers = problem.layers
    groups, parts = [], []
    for index, layer in enumerate(layers):
        group = create_layer(layer, index, index + 1 == len(layers), problem.batch)
        if index > 0:
            parts.append(connect(groups[-1], group, layer.weight, index, problem.batch))
        groups.append(group)
    net = b2.Network(groups, parts)
    for index, layer in enumerate(layers[1:], 1):
        groups[index].current = np.tile(layer.bias, problem.batch)
    weight = np.ascontiguousarray(layers[0].weight.T)

    def run(observations):
        groups[0].current = (observations @ weight + layers[0].bias).ravel()
        for group in groups:
            group.v = 0
        net.run(problem.steps * b2.ms)
        return np.asarray(groups[-1].v).reshape(problem.batch, -1)

    return run


# Places in the one slot `thresholds` where everything happens, four for each layer.
UPDATE, FIRE, SEND, RESET = range(4)


def create_layer(layer, index, last, batch):
    firing = {} if last else {'threshold': 'v >= 1', 'reset': 'v -= 1'}
    group = b2.NeuronGroup(len(layer.bias) * batch, 'v : 1\ncurrent : 1', **firing)
    group.run_regularly('v += current', when='thresholds', order=4 * index + UPDATE)
    if not last:
        group.thresholder['spike'].order = 4 * index + FIRE
        group.resetter['spike'].when = 'thresholds'
        group.resetter['spike'].order = 4 * index + RESET
    return group


def connect(before, after, weight, index, batch):
    outputs, inputs = weight.shape
    synapses = b2.Synapses(before, after, 'w : 1', on_pre='v_post += w')
    synapses.pre.when = 'thresholds'
    synapses.pre.order = 4 * (index - 1) + SEND
    copy, source, target = np.meshgrid(range(batch), range(inputs), range(outputs), indexing='ij')
    synapses.connect(
        i=(copy * inputs + source).ravel(),
        j=(copy * outputs + target).ravel(),
    )
    synapses.w = np.tile(weight.T.ravel(), batch)
    return synapses
