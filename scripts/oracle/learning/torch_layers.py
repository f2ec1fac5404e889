"""What each node of a graph computes, in torch and of rows of values."""

import torch
from torch.nn import functional


def pairs(node, name, size, otherwise):
    return list(node.get(name, [otherwise] * size))


def padded(values, padding):
    """All begins, then all ends, of the last dimensions."""
    half = len(padding) // 2
    flat = [x for d in reversed(range(half)) for x in (padding[d], padding[half + d])]
    return functional.pad(values, flat)


def convolve(node, parameters, values):
    size = len(node['weight'][2:])
    padding = pairs(node, 'padding', 2 * size, 0)
    convolution = {1: functional.conv1d, 2: functional.conv2d}[size]
    return convolution(
        padded(values, padding),
        parameters['weight'],
        parameters.get('bias'),
        stride=pairs(node, 'stride', size, 1),
        dilation=pairs(node, 'dilation', size, 1),
        groups=node.get('groups', 1),
    )


def convolve_transposed(node, parameters, values):
    size = len(node['weight'][2:])
    padding = pairs(node, 'padding', 2 * size, 0)
    assert padding[:size] == padding[size:]
    return functional.conv_transpose2d(
        values,
        parameters['weight'],
        parameters.get('bias'),
        stride=pairs(node, 'stride', size, 1),
        padding=padding[:size],
        output_padding=pairs(node, 'outputPadding', size, 0),
        groups=node.get('groups', 1),
        dilation=pairs(node, 'dilation', size, 1),
    )


def pool(node, values):
    if 'kernel' not in node:
        flat = values.flatten(2)
        whole = {'average': flat.mean(2), 'sum': flat.sum(2), 'max': flat.amax(2)}[node['mode']]
        return whole.reshape(*values.shape[:2], 1, 1)
    kernel = node['kernel']
    stride = node.get('stride', kernel)
    padding = pairs(node, 'padding', 4, 0)
    if node['mode'] == 'max':
        assert padding[:2] == padding[2:]
        dilation = pairs(node, 'dilation', 2, 1)
        return functional.max_pool2d(values, kernel, stride, padding[:2], dilation)
    sums = functional.avg_pool2d(padded(values, padding), kernel, stride, divisor_override=1)
    if node['mode'] == 'sum':
        return sums
    ones = padded(torch.ones_like(values), padding)
    if node.get('countPadding', False):
        ones = torch.ones_like(ones)
    return sums / functional.avg_pool2d(ones, kernel, stride, divisor_override=1)


def by_channel(tensor, values):
    return tensor.reshape(1, -1, *[1] * (values.dim() - 2))


def normalise(node, parameters, values):
    factor = parameters['scale'] / torch.sqrt(parameters['variance'] + node.get('epsilon', 1e-5))
    centred = values - by_channel(parameters['mean'], values)
    return by_channel(factor, values) * centred + by_channel(parameters['shift'], values)


def scale(parameters, values):
    product = by_channel(parameters['factor'], values) * values
    return product + by_channel(parameters['offset'], values) if 'offset' in parameters else product


def rectify(node, parameters, values):
    slope = node.get('slope', 0.0)
    if 'slopes' in parameters:
        slope = by_channel(parameters['slopes'], values)
    below = slope * values
    above = values.clamp(max=node['cap']) if 'cap' in node else values
    return torch.where(values >= 0, above, below)


def compute(node, parameters, sources):
    """A node's value, from its parameters and those of the nodes that lead to it."""
    values = sources[0]
    rows = values.shape[0]
    match node['kind']:
        case 'dense':
            return functional.linear(values, parameters['weight'], parameters.get('bias'))
        case 'conv':
            return convolve(node, parameters, values)
        case 'conv_transpose':
            return convolve_transposed(node, parameters, values)
        case 'pool':
            return pool(node, values)
        case 'batch_norm':
            return normalise(node, parameters, values)
        case 'scale':
            return scale(parameters, values)
        case 'relu':
            return rectify(node, parameters, values)
        case 'flatten':
            return values.reshape(rows, -1)
        case 'reshape':
            return values.reshape(rows, *node['shape'])
        case 'transpose':
            return values.permute(0, *[axis + 1 for axis in node['axes']])
        case 'select':
            return values.index_select(node.get('axis', 0) + 1, torch.tensor(node['indices']))
        case 'pad':
            return padded(values, node['padding'])
        case 'concat':
            return torch.cat(sources, node.get('axis', 0) + 1)
        case 'upsample':
            for axis, times in enumerate(node['scale']):
                values = values.repeat_interleave(times, axis + 2)
            return values
        case 'add':
            return sum(sources[1:], values)
    raise ValueError(node['kind'])
