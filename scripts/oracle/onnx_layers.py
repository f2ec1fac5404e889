"""Hand-written ONNX graphs of convolutional networks, each with the forms that its name says."""

import numpy as np
from onnx import TensorProto, helper

from .onnx_graphs import Builder


class Layers(Builder):
    """A network whose operator version, input type and weight type may differ from the usual ones."""

    def __init__(self, seed, shape, opset=17, ir_version=8, dtype=np.float32, input_type=None):
        super().__init__(seed, shape)
        self.opset, self.ir_version, self.dtype = opset, ir_version, dtype
        self.type = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
        self.inputs[0].type.tensor_type.elem_type = input_type or self.type

    def draw(self, *shape):
        return self.rng.normal(0.05, 0.5, shape).astype(self.dtype)

    def real(self, name, *numbers):
        return self.tensor(name, np.array(numbers[0] if len(numbers) == 1 else numbers, self.dtype))

    def whole(self, name, numbers):
        return self.tensor(name, np.array(numbers, np.int64))

    def weighted(self, kind, source, output, *shape, bias=None, **attributes):
        inputs = [source, self.tensor(f'{output}_weight', self.draw(*shape))]
        if bias is not None:
            inputs.append(self.tensor(f'{output}_bias', self.draw(bias)))
        return self.add(kind, inputs, output, **attributes)

    def norm(self, source, output, channels):
        draws = [self.draw(channels) for _ in range(3)]
        draws.append((self.draw(channels) ** 2 + 0.5).astype(self.dtype))
        names = [f'{output}_{part}' for part in ('scale', 'shift', 'mean', 'variance')]
        inputs = [self.tensor(*pair) for pair in zip(names, draws, strict=True)]
        return self.add('BatchNormalization', [source, *inputs], output, epsilon=1e-3)

    def several(self, kind, inputs, outputs, **attributes):
        name = f'{kind}_{outputs[0]}'
        self.nodes.append(helper.make_node(kind, inputs, outputs, name=name, **attributes))
        return outputs

    def finish(self, *shape, output_type=None):
        value = helper.make_tensor_value_info(
            'q_values', output_type or self.type, ('batch', *shape)
        )
        graph = helper.make_graph(self.nodes, 'net', self.inputs, [value], self.tensors)
        opset = [helper.make_opsetid('', self.opset)]
        return helper.make_model(graph, opset_imports=opset, ir_version=self.ir_version)


def pixel_net(seed, input_type=TensorProto.UINT8, **versions):
    """As stable agents for Atari are exported: a cast, a division, convolutions, two layers."""
    b = Layers(seed, (2, 12, 12), input_type=input_type, **versions)
    b.add('Cast', ['observation'], 'cast', to=b.type)
    b.add('Div', ['cast', b.real('white', 255.0)], 'scaled')
    b.weighted('Conv', 'scaled', 'c1', 4, 2, 4, 4, bias=4, strides=[2, 2], kernel_shape=[4, 4])
    b.add('Relu', ['c1'], 'r1')
    b.weighted('Conv', 'r1', 'c2', 6, 4, 3, 3, bias=6, pads=[1, 0, 1, 2])
    b.add('Relu', ['c2'], 'r2')
    b.add('Shape', ['r2'], 'sizes')
    b.add('Gather', ['sizes', b.whole('first', 0)], 'count', axis=0)
    b.add('Unsqueeze', ['count', b.whole('front', [0])], 'counts')
    b.add('Concat', ['counts', b.whole('rest', [-1])], 'target', axis=0)
    b.add('Reshape', ['r2', 'target'], 'flat')
    b.add('Relu', [b.gemm('flat', 'h', 150, 8, transB=1)], 'r3')
    b.gemm('r3', 'q_values', 8, 3, transB=1)
    return b.finish(3)


def channels_last_net(seed):
    """As Keras networks are exported."""
    b = Layers(seed, (9, 8, 2), opset=15)
    b.add('Transpose', ['observation'], 'first', perm=[0, 3, 1, 2])
    b.weighted('Conv', 'first', 'c1', 4, 2, 3, 3, bias=4, strides=[2, 2], pads=[0, 0, 1, 1])
    b.add('LeakyRelu', ['c1'], 'r1', alpha=0.2)
    b.weighted('Conv', 'r1', 'c2', 4, 1, 3, 3, bias=4, group=4, auto_pad='SAME_UPPER')
    b.add('Add', ['c2', 'r1'], 's')
    b.add('Transpose', ['s'], 'last', perm=[0, 2, 3, 1])
    b.add('Mul', ['last', b.tensor('factor', b.draw(4))], 'm')
    b.add('Relu', ['m'], 'r2')
    b.add('ReduceMean', ['r2'], 'mean', axes=[1, 2], keepdims=0)
    b.weighted('MatMul', 'mean', 'product', 4, 3)
    b.add('Add', [b.tensor('bias', b.draw(3)), 'product'], 'q_values')
    return b.finish(3)


def residual_net(seed):
    b = Layers(seed, (3, 8, 8), opset=18)
    b.weighted('Conv', 'observation', 'c1', 6, 3, 3, 3, pads=[1, 1, 1, 1])
    b.add('Relu', [b.norm('c1', 'n1', 6)], 'r1')
    b.weighted('Conv', 'r1', 'c2', 6, 6, 3, 3, pads=[1, 1, 1, 1])
    b.add('Add', [b.norm('c2', 'n2', 6), 'r1'], 's')
    b.add('Clip', ['s', b.real('zero', 0.0), b.real('six', 6.0)], 'r2')
    b.add('ReduceMean', ['r2', b.whole('axes', [-1, -2])], 'mean', keepdims=1)
    b.add('Squeeze', ['mean', b.whole('extents', [2, 3])], 'flat')
    b.gemm('flat', 'q_values', 6, 3, transB=1)
    return b.finish(3)


def pooling_net(seed):
    b = Layers(seed, (2, 11, 10), opset=19)
    window = {'kernel_shape': [3, 3], 'strides': [2, 2]}
    b.weighted('Conv', 'observation', 'c1', 4, 2, 3, 2, bias=4, auto_pad='SAME_LOWER')
    b.add('MaxPool', ['c1'], 'p1', ceil_mode=1, **window)
    b.add('AveragePool', ['p1'], 'p2', pads=[1, 0, 1, 1], count_include_pad=1, **window)
    b.add('AveragePool', ['p1'], 'p3', auto_pad='SAME_UPPER', **window)
    b.add('GlobalMaxPool', ['p2'], 'g2')
    b.add('GlobalAveragePool', ['p3'], 'g3')
    b.add('Concat', ['g2', 'g3'], 'both', axis=1)
    b.add('Flatten', ['both'], 'flat')
    b.gemm('flat', 'q_values', 8, 3, transB=1)
    return b.finish(3)


def dueling_net(seed):
    b = Layers(seed, (5,), opset=18)
    b.add('Relu', [b.gemm('observation', 'h', 5, 8, transB=1)], 'r')
    b.gemm('r', 'value', 8, 1, transB=1)
    b.gemm('r', 'advantage', 8, 3, transB=1)
    b.add('ReduceMean', ['advantage', b.whole('axes', [1])], 'mean', keepdims=1)
    b.add('Add', ['value', 'advantage'], 'sum')
    b.add('Sub', ['sum', 'mean'], 'q_values')
    return b.finish(3)


def decoder_net(seed):
    b = Layers(seed, (2, 5, 4))
    spread = {'strides': [2, 2], 'pads': [1, 1, 1, 1], 'output_padding': [1, 1]}
    b.weighted('ConvTranspose', 'observation', 't1', 2, 3, 3, 3, bias=3, **spread)
    b.add('PRelu', ['t1', b.tensor('slope', b.draw(3, 1, 1))], 'r1')
    scales = b.tensor('scales', np.array([1, 1, 2, 3], np.float32))
    nearest = {'coordinate_transformation_mode': 'asymmetric', 'nearest_mode': 'floor'}
    b.add('Resize', ['r1', '', scales], 'large', mode='nearest', **nearest)
    b.weighted('Conv', 'large', 'q_values', 1, 3, 3, 3, bias=1, strides=[4, 4])
    return b.finish(1, 5, 6)


def parts_net(seed):
    b = Layers(seed, (4, 6), opset=13)
    b.several('Split', ['observation', b.whole('sizes', [1, 3])], ['one', 'three'], axis=1)
    b.add('Expand', ['one', b.whole('wide', [1, 3, 1])], 'spread')
    b.add('Max', ['three', b.real('low', -0.4)], 'bounded')
    b.add('Sum', ['spread', 'bounded', 'bounded'], 's')
    ends = [b.whole(name, [n]) for name, n in (('from', 5), ('to', -7), ('axis', 2), ('step', -2))]
    b.add('Slice', ['s', *ends], 'cut')
    b.add('Gather', ['cut', b.whole('picks', [2, 0])], 'picked', axis=1)
    pads = b.whole('pads', [0, 0, 1, 0, 0, 2])
    b.add('Pad', ['picked', pads], 'padded')
    b.add('Reshape', ['padded', b.whole('shape', [-1, 12])], 'flat')
    b.gemm('flat', 'q_values', 12, 3)
    return b.finish(3)


def quantised_net(seed):
    """Weights of 8 bits with a scale for each column."""
    b = Layers(seed, (4,), opset=21, ir_version=10)
    b.tensor('stored', b.rng.integers(-128, 128, (4, 3)).astype(np.int8))
    b.tensor('zero', np.array([0, 3, -5], np.int8))
    b.real('step', 0.02, 0.01, 0.03)
    b.add('DequantizeLinear', ['stored', 'step', 'zero'], 'weight', axis=1)
    b.add('MatMul', ['observation', 'weight'], 'q_values')
    return b.finish(3)


def choice_net(seed):
    b = Layers(seed, (4,))
    b.gemm('observation', 'h', 4, 3, transB=1)
    b.add('ArgMax', ['h'], 'q_values', axis=1, keepdims=0)
    return b.finish(output_type=TensorProto.INT64)


def probability_net(seed):
    b = Layers(seed, (4,), opset=12)
    b.gemm('observation', 'h', 4, 3, transB=1)
    b.add('Softmax', ['h'], 'q_values')
    return b.finish(3)


def old_net(seed):
    """Arrays listed as inputs, bounds, axes and scales as attributes, as before 2019."""
    b = Layers(seed, (2, 6, 6), opset=9, ir_version=3)
    b.weighted('Conv', 'observation', 'c1', 4, 2, 3, 3, bias=4)
    b.add('Clip', ['c1'], 'r1', min=0.0, max=2.0)
    scales = b.tensor('scales', np.array([1, 1, 2, 2], np.float32))
    b.add('Upsample', ['r1', scales], 'u', mode='nearest')
    b.add('Slice', ['u'], 's', starts=[1], ends=[2147483647], axes=[2])
    b.add('Pad', ['s'], 'p', pads=[0, 0, 1, 0, 0, 0, 0, 0])
    b.add('Dropout', ['p'], 'd', ratio=0.5)
    b.add('ReduceMean', ['d'], 'm', axes=[2, 3], keepdims=0)
    b.gemm('m', 'q_values', 4, 3, transB=1)
    for tensor in b.tensors:
        shape = list(tensor.dims)
        b.inputs.append(helper.make_tensor_value_info(tensor.name, tensor.data_type, shape))
    return b.finish(3)


def double_net(seed):
    b = Layers(seed, (2, 8), dtype=np.float64)
    b.weighted('Conv', 'observation', 'c1', 3, 2, 3, bias=3)
    b.add('Relu', ['c1'], 'r1')
    b.add('Flatten', ['r1'], 'flat')
    b.gemm('flat', 'q_values', 18, 3, transB=1)
    return b.finish(3)


def layer_graphs():
    return {
        'pixels': (pixel_net(70), 'uint8 input, Cast, Div, Conv, Reshape by Shape'),
        'channels-last': (channels_last_net(71), 'NHWC, SAME_UPPER, depthwise, mean of [1, 2]'),
        'residual': (residual_net(72), 'BatchNormalization, Add, Clip, ReduceMean by input'),
        'pooling': (pooling_net(73), 'ceil_mode, count_include_pad, auto_pad, global pools'),
        'dueling': (dueling_net(74), 'value and advantages, broadcast Add and Sub'),
        'decoder': (decoder_net(75), 'ConvTranspose, PRelu, Resize'),
        'parts': (parts_net(76), 'Split, Expand, Max, Sum, Slice, Gather, Pad'),
        'int8-weights': (quantised_net(77), 'DequantizeLinear of a weight'),
        'choice': (choice_net(78), 'ArgMax at the end'),
        'probabilities': (probability_net(79), 'Softmax of opset 12 at the end'),
        'ir-3': (old_net(80), 'opset 9, arrays listed as inputs, attributes for inputs'),
        'double': (double_net(81), 'a convolution in double'),
    }


def newest_graphs():
    """Of opsets that runtimes do not run yet."""
    return {
        f'opset-{opset}': (
            pixel_net(82 + opset, input_type=TensorProto.FLOAT, opset=opset, ir_version=13),
            f'opset {opset}',
        )
        for opset in (27, 28)
    }


def gated_net(seed):
    """HardSwish as older exporters write it."""
    b = Layers(seed, (4,))
    b.gemm('observation', 'h', 4, 6, transB=1)
    b.add('Add', ['h', b.real('three', 3.0)], 'a')
    b.add('Clip', ['a', b.real('zero', 0.0), b.real('six', 6.0)], 'c')
    b.add('Mul', ['h', 'c'], 'm')
    b.add('Div', ['m', 'six'], 'd')
    b.gemm('d', 'q_values', 6, 3, transB=1)
    return b.finish(3)


def volume_net(seed):
    b = Layers(seed, (1, 4, 4, 4))
    b.weighted('Conv', 'observation', 'c1', 2, 1, 2, 2, 2)
    b.add('Flatten', ['c1'], 'q_values')
    return b.finish(54)


def normalised_net(seed):
    b = Layers(seed, (4,))
    b.gemm('observation', 'h', 4, 6, transB=1)
    b.add('LayerNormalization', ['h', b.tensor('gain', b.draw(6))], 'n')
    b.gemm('n', 'q_values', 6, 3, transB=1)
    return b.finish(3)


def recurrent_net(seed):
    b = Layers(seed, (3, 2))
    b.add('Transpose', ['observation'], 't', perm=[1, 0, 2])
    inputs = ['t', b.tensor('w', b.draw(1, 16, 2)), b.tensor('r', b.draw(1, 16, 4))]
    b.several('LSTM', inputs, ['', 'state'], hidden_size=4)
    b.add('Squeeze', ['state', b.whole('front', [0])], 'q_values')
    return b.finish(4)


def refused_layers():
    return {
        'refused-gate': (gated_net(90), 'HardSwish as Add, Clip, Mul, Div'),
        'refused-volume': (volume_net(91), 'a convolution in three dimensions'),
        'refused-layer-norm': (normalised_net(92), 'LayerNormalization'),
        'refused-lstm': (recurrent_net(93), 'an LSTM'),
    }
