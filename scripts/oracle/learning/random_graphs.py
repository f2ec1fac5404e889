"""Random float graphs in which every kind of layer stands somewhere."""

import numpy as np

TRAINED = ('weight', 'bias', 'factor', 'offset', 'scale', 'shift')
KINDS = (
    *('conv', 'conv_transpose', 'dense', 'pool', 'batch_norm', 'scale', 'relu', 'add', 'concat'),
    *('flatten', 'reshape', 'transpose', 'select', 'pad', 'upsample'),
)


class Draft:
    """A graph in the making: its nodes with the shapes of their arrays, and these arrays."""

    def __init__(self, seed, shape):
        self.rng = np.random.default_rng(seed)
        self.nodes = [{'kind': 'input', 'name': 'x', 'shape': list(shape)}]
        self.edges = []
        self.arrays = {}
        self.shapes = {'x': tuple(shape)}
        self.last = 'x'

    def add(self, kind, gives, sources=None, arrays=None, **fields):
        """`arrays` by field; they stand in the node as their shapes."""
        name = f'{kind}{len(self.nodes)}'
        arrays = arrays or {}
        for field, array in arrays.items():
            self.arrays[f'{name}.{field}'] = np.asarray(array, np.float32)
        listed = {field: list(np.shape(array)) for field, array in arrays.items()}
        self.nodes.append({'kind': kind, 'name': name, **fields, **listed})
        self.edges += [[source, name] for source in sources or [self.last]]
        self.shapes[name] = tuple(gives)
        self.last = name
        return name

    def normal(self, shape, deviation):
        return self.rng.normal(0, deviation, shape)

    def weights(self, shape, fan_in):
        return {'weight': self.normal(shape, 1.5 / np.sqrt(fan_in))}

    def choose(self, *options):
        return options[self.rng.integers(len(options))]


def out_size(size, kernel, stride, begin, end, dilation):
    return (size + begin + end - dilation * (kernel - 1) - 1) // stride + 1


def window(draft, height, width):
    for _ in range(100):
        kernel, stride = (
            [int(v) for v in draft.rng.integers(1, 4, 2)],
            [int(v) for v in draft.rng.integers(1, 3, 2)],
        )
        padding = [int(v) for v in draft.rng.integers(0, 2, 4)]
        dilation = [int(v) for v in draft.rng.integers(1, 3, 2)]
        size = [
            out_size(s, kernel[d], stride[d], padding[d], padding[2 + d], dilation[d])
            for d, s in enumerate((height, width))
        ]
        if min(size) >= 2:
            return {'stride': stride, 'padding': padding, 'dilation': dilation}, kernel, size
    return {'stride': [1, 1], 'padding': [0] * 4, 'dilation': [1, 1]}, [1, 1], [height, width]


def add_conv(draft):
    channels, height, width = draft.shapes[draft.last]
    groups = draft.choose(*[g for g in (1, 2, channels) if channels % g == 0])
    outputs = groups * int(draft.rng.integers(1, 4))
    fields, kernel, size = window(draft, height, width)
    arrays = draft.weights(
        (outputs, channels // groups, *kernel), channels // groups * np.prod(kernel)
    )
    if draft.rng.random() < 0.7:
        arrays['bias'] = draft.normal(outputs, 0.3)
    draft.add('conv', (outputs, *size), arrays=arrays, groups=groups, **fields)


def add_conv_transpose(draft):
    channels, height, width = draft.shapes[draft.last]
    if height * width > 40:
        return
    kernel, stride, pad = [2, 3], [2, 1], [0, 1]
    outputs = int(draft.rng.integers(2, 4))
    extra = [1, 0]
    size = [
        (s - 1) * stride[d] - 2 * pad[d] + kernel[d] + extra[d]
        for d, s in enumerate((height, width))
    ]
    arrays = draft.weights((channels, outputs, *kernel), channels * 3)
    arrays['bias'] = draft.normal(outputs, 0.3)
    fields = {'stride': stride, 'padding': pad * 2, 'outputPadding': extra}
    draft.add('conv_transpose', (outputs, *size), arrays=arrays, **fields)


def add_pool(draft):
    channels, height, width = draft.shapes[draft.last]
    if min(height, width) < 3:
        return
    mode = draft.choose('average', 'sum', 'max')
    kernel, stride = [2, 3], [1, 2]
    fields = {'padding': draft.choose([0, 0, 0, 0], [1, 1, 1, 1])}
    if mode == 'average':
        fields['countPadding'] = draft.choose(True, False)
    size = [
        out_size(s, kernel[d], stride[d], fields['padding'][d], fields['padding'][2 + d], 1)
        for d, s in enumerate((height, width))
    ]
    draft.add('pool', (channels, *size), mode=mode, kernel=kernel, stride=stride, **fields)


def add_batch_norm(draft):
    shape = draft.shapes[draft.last]
    count = shape[0]
    arrays = {
        'scale': draft.normal(count, 1),
        'shift': draft.normal(count, 0.3),
        'mean': draft.normal(count, 0.3),
        'variance': draft.rng.uniform(0.5, 2, count),
    }
    draft.add('batch_norm', shape, arrays=arrays)


def add_scale(draft):
    shape = draft.shapes[draft.last]
    arrays = {'factor': draft.normal(shape[0], 1), 'offset': draft.normal(shape[0], 0.3)}
    draft.add('scale', shape, arrays=arrays)


def add_relu(draft):
    shape = draft.shapes[draft.last]
    which = draft.choose('plain', 'slope', 'slopes', 'cap')
    if which == 'slopes':
        draft.add('relu', shape, arrays={'slopes': draft.rng.uniform(0.1, 0.9, shape[0])})
    elif which == 'plain':
        draft.add('relu', shape)
    else:
        draft.add('relu', shape, **{which: 0.25 if which == 'slope' else 0.75})


def add_rearrangement(draft):
    channels, height, width = draft.shapes[draft.last]
    which = draft.choose('transpose', 'select', 'pad', 'reshape', 'upsample')
    if which == 'transpose':
        draft.add('transpose', (channels, width, height), axes=[0, 2, 1])
    elif which == 'select':
        axis = int(draft.rng.integers(3))
        shape = [channels, height, width]
        indices = [int(i) for i in draft.rng.integers(0, shape[axis], shape[axis] + 1)]
        shape[axis] = len(indices)
        draft.add('select', shape, axis=axis, indices=indices)
    elif which == 'pad':
        draft.add('pad', (channels + 1, height + 1, width + 2), padding=[0, 1, 0, 1, 0, 2])
    elif which == 'reshape':
        draft.add('reshape', (channels, width, height), shape=[channels, width, height])
    elif height * width <= 40:
        draft.add('upsample', (channels, 2 * height, width), scale=[2, 1])


def add_branch(draft):
    """A layer beside what it came from."""
    begin = draft.last
    add_batch_norm(draft)
    add_relu(draft)
    other = draft.last
    shape = draft.shapes[begin]
    if draft.rng.random() < 0.5:
        draft.add('add', shape, [begin, other])
    else:
        axis = int(draft.rng.integers(3))
        joined = [size * (2 if d == axis else 1) for d, size in enumerate(shape)]
        draft.add('concat', joined, [other, begin], axis=axis)


STEPS = (
    add_conv,
    add_conv,
    add_conv_transpose,
    add_pool,
    add_batch_norm,
    add_scale,
    add_relu,
    add_rearrangement,
    add_branch,
)


def random_graph(seed):
    draft = Draft(seed, (3, 6, 7))
    for _ in range(int(draft.rng.integers(5, 9))):
        draft.choose(*STEPS)(draft)
        channels, height, width = draft.shapes[draft.last]
        if channels * height * width > 400:
            break
    if draft.rng.random() < 0.3:
        shape = draft.shapes[draft.last]
        draft.add('pool', (shape[0], 1, 1), mode=draft.choose('average', 'sum', 'max'))
    flat = int(np.prod(draft.shapes[draft.last]))
    draft.add('flatten', (flat,))
    for outputs in (9, 3):
        arrays = draft.weights((outputs, draft.shapes[draft.last][0]), draft.shapes[draft.last][0])
        arrays['bias'] = draft.normal(outputs, 0.3)
        draft.add('dense', (outputs,), arrays=arrays)
        if outputs == 9:
            add_relu(draft)
    return draft
