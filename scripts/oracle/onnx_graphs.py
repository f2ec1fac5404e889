"""Hand-written ONNX graphs: each differs from the others in the one form that its name says."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
# What onnxruntime of several years reads.
IR_VERSION = 8


class Builder:
    """A 4-6-3 network unless a graph says otherwise; weights differ from graph to graph."""

    def __init__(self, seed, shape=(4,)):
        self.rng = np.random.default_rng(seed)
        self.nodes, self.tensors = [], []
        self.inputs = [self.value('observation', ('batch', *shape))]

    @staticmethod
    def value(name, shape):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    def draw(self, *shape):
        return self.rng.normal(0.1, 0.6, shape).astype(np.float32)

    def tensor(self, name, array):
        self.tensors.append(numpy_helper.from_array(array, name))
        return name

    def add(self, kind, inputs, output, **attributes):
        node = helper.make_node(kind, inputs, [output], name=f'{kind}_{output}', **attributes)
        self.nodes.append(node)
        return output

    def gemm(self, source, output, rows, columns, bias=True, **attributes):
        """`rows` inputs to `columns` outputs; transB decides how the matrix is stored."""
        shape = (columns, rows) if attributes.get('transB') else (rows, columns)
        inputs = [source, self.tensor(f'{output}_weight', self.draw(*shape))]
        if bias:
            inputs.append(self.tensor(f'{output}_bias', self.draw(columns)))
        return self.add('Gemm', inputs, output, **attributes)

    def model(self, columns=3):
        outputs = [self.value('q_values', ('batch', columns))]
        graph = helper.make_graph(self.nodes, 'net', self.inputs, outputs, self.tensors)
        opset = [helper.make_opsetid('', OPSET)]
        return helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION)


def gemm_net(seed, first, second):
    b = Builder(seed)
    b.add('Relu', [b.gemm('observation', 'h', 4, 6, **first)], 'r')
    b.gemm('r', 'q_values', 6, 3, **second)
    return b.model()


def matmul_net(seed, bias_first, with_bias=True):
    b = Builder(seed)
    source = 'observation'
    for output, rows, columns in (('h', 4, 6), ('q_values', 6, 3)):
        product = f'{output}_product' if with_bias else output
        b.add('MatMul', [source, b.tensor(f'{output}_weight', b.draw(rows, columns))], product)
        if with_bias:
            operands = [product, b.tensor(f'{output}_bias', b.draw(columns))]
            b.add('Add', operands[::-1] if bias_first else operands, output)
        if output == 'h':
            source = b.add('Relu', ['h'], 'r')
    return b.model()


def shared_net():
    """Two layers read one 4x4 matrix, the second through Identity, as torch exports it."""
    b = Builder(57)
    weight, bias = b.tensor('shared', b.draw(4, 4)), b.tensor('bias', b.draw(4))
    b.add('Identity', [weight], 'shared_again')
    b.add('Identity', [bias], 'bias_again')
    b.add('Gemm', ['observation', weight, bias], 'h', transB=1)
    b.add('Relu', ['h'], 'r')
    b.add('Gemm', ['r', 'shared_again', 'bias_again'], 'q_values', transB=1)
    return b.model(columns=4)


def constant_net():
    """Weights are outputs of Constant nodes, not initializers."""
    b = Builder(58)
    source = 'observation'
    for output, rows, columns in (('h', 4, 6), ('q_values', 6, 3)):
        for part, array in (('weight', b.draw(columns, rows)), ('bias', b.draw(columns))):
            name = f'{output}_{part}'
            b.add('Constant', [], name, value=numpy_helper.from_array(array, f'{name}_value'))
        b.add('Gemm', [source, f'{output}_weight', f'{output}_bias'], output, transB=1)
        if output == 'h':
            source = b.add('Relu', ['h'], 'r')
    return b.model()


def flatten_net():
    b = Builder(59, shape=(2, 2))
    b.add('Flatten', ['observation'], 'flat', axis=1)
    b.add('Relu', [b.gemm('flat', 'h', 4, 6, transB=1)], 'r')
    b.gemm('r', 'q_values', 6, 3, transB=1)
    return b.model()


def written_graphs():
    both = {'transB': 1}
    scaled = {'transB': 1, 'alpha': 0.5, 'beta': 2.0}
    return {
        'gemm-trans-b': (gemm_net(50, both, both), 'Gemm transB=1'),
        'gemm-plain': (gemm_net(51, {}, {}), 'Gemm transA=0 transB=0'),
        'gemm-alpha-beta': (gemm_net(52, scaled, {'alpha': 1.5, 'beta': 0.25}), 'Gemm alpha, beta'),
        'gemm-no-bias': (
            gemm_net(53, {'transB': 1, 'bias': False}, {'bias': False}),
            'Gemm of two inputs',
        ),
        'matmul-add': (matmul_net(54, bias_first=False), 'MatMul, then Add(product, bias)'),
        'matmul-add-swapped': (matmul_net(55, bias_first=True), 'MatMul, then Add(bias, product)'),
        'matmul-no-bias': (matmul_net(56, False, with_bias=False), 'MatMul alone'),
        'identity-shared': (shared_net(), 'two layers share weights through Identity'),
        'constant-nodes': (constant_net(), 'weights as Constant nodes'),
        'flatten': (flatten_net(), 'Flatten of [N, 2, 2]'),
    }


def activation_net(seed, kind):
    b = Builder(seed)
    b.add(kind, [b.gemm('observation', 'h', 4, 6, transB=1)], 'r')
    b.gemm('r', 'q_values', 6, 3, transB=1)
    return b.model()


def two_input_net():
    b = Builder(62)
    b.inputs.append(b.value('goal', ('batch', 4)))
    b.add('Add', ['observation', 'goal'], 'sum')
    b.add('Relu', [b.gemm('sum', 'h', 4, 6, transB=1)], 'r')
    b.gemm('r', 'q_values', 6, 3, transB=1)
    return b.model()


def loop_net():
    """Relu three times in a Loop: control flow, which a Graph cannot hold."""
    b = Builder(63)
    b.gemm('observation', 'h', 4, 3, transB=1)
    boolean, integer = TensorProto.BOOL, TensorProto.INT64
    body = helper.make_graph(
        [
            helper.make_node('Relu', ['state'], ['next_state'], name='Relu_next_state'),
            helper.make_node('Identity', ['go_on'], ['still'], name='Identity_still'),
        ],
        'body',
        [
            helper.make_tensor_value_info('iteration', integer, []),
            helper.make_tensor_value_info('go_on', boolean, []),
            b.value('state', ('batch', 3)),
        ],
        [helper.make_tensor_value_info('still', boolean, []), b.value('next_state', ('batch', 3))],
    )
    count = b.tensor('count', np.array(3, np.int64))
    go_on = b.tensor('start', np.array(True))
    b.add('Loop', [count, go_on, 'h'], 'q_values', body=body)
    return b.model()


def refused_graphs():
    return {
        'refused-sigmoid': (activation_net(60, 'Sigmoid'), 'a hidden Sigmoid'),
        'refused-tanh': (activation_net(61, 'Tanh'), 'a hidden Tanh'),
        'refused-two-inputs': (two_input_net(), 'two inputs'),
        'refused-loop': (loop_net(), 'a Loop'),
    }
