#!/usr/bin/env python3
"""
Writes the test cases of the onnx package as files that spiq's tests read: NAME.onnx, and NAME.npz with `input` and
`output0`, `output1` …; cases.json lists them, with a reason for each that cannot be written in this form.

Node cases feed weights as inputs of the graph. Here all inputs but the first become initialisers, as a network has them.
"""

import argparse
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend.test.loader import load_model_tests
from onnx.reference import ReferenceEvaluator

# Opsets that onnxruntime 1.30 refuses: what these cases expect is compared with the reference evaluator.
FIRST_NEW_OPSET = 27
LIGHT = 'light'
# A network has one input: what these join arrives as parts of it.
JOINING = {'Concat'}
# Element by element, whatever the shape. Their cases have no batch: the whole tensor is one observation.
ELEMENTWISE = {
    *('Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Sum', 'Mean', 'Neg', 'Identity', 'Dropout'),
    *('Relu', 'LeakyRelu', 'PRelu', 'Clip', 'Sigmoid'),
}
# npy has no other ones.
PLAIN_TYPES = 'biufc'


class Unfit(Exception):
    """Why a case cannot be written as one input and some outputs."""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('out', type=Path)
    out = parser.parse_args().out
    # Logarithms of 0 and the like, which the cases are about.
    warnings.simplefilter('ignore', RuntimeWarning)
    cases = [*stored_cases(out), *light_cases(out), *node_cases(out)]
    text = json.dumps({'onnx': onnx.__version__, 'cases': cases})
    (out / 'cases.json').write_text(text, encoding='utf-8')


def stored_cases(out):
    """Single layers and operators as PyTorch exported them in 2017, with inputs and outputs in files."""
    for group in ('pytorch-converted', 'pytorch-operator'):
        for case in sorted(load_model_tests(kind=group), key=lambda case: case.name):
            folder = Path(case.model_dir)
            model = onnx.load(folder / 'model.onnx')
            data = folder / 'test_data_set_0'
            arrays = [
                [
                    read_tensor(data / f'{kind}_{i}.pb')
                    for i in range(len(list(data.glob(f'{kind}_*'))))
                ]
                for kind in ('input', 'output')
            ]
            yield describe(out, group, case.name, model, *arrays)


def light_cases(out):
    """Whole networks whose weights are made by ConstantOfShape; there is nothing to compute with them."""
    for path in sorted((Path(onnx.__file__).parent / 'backend/test/data' / LIGHT).glob('*.onnx')):
        (out / LIGHT).mkdir(parents=True, exist_ok=True)
        (out / LIGHT / path.name).write_bytes(path.read_bytes())
        yield {'group': LIGHT, 'name': path.stem, **header(onnx.load(path))}


def node_cases(out):
    from onnx.backend.test.case.node import collect_testcases

    collected = collect_testcases(None)
    for case in sorted(collected, key=lambda case: case.name):
        if len(case.model.graph.node) == 1 and case.model.graph.node[0].domain == '':
            inputs, outputs = case.data_sets[0]
            yield describe(out, 'node', case.name, case.model, inputs, outputs)


def describe(out, group, name, model, inputs, outputs):
    entry = {'group': group, 'name': name, **header(model)}
    inputs, outputs = ([as_array(value) for value in values] for values in (inputs, outputs))
    try:
        fixed = model
        if group == 'node' and entry['operators'][0] in JOINING:
            fixed, inputs = with_parts(fixed, inputs)
        fixed, feed = with_constants(fixed, inputs)
        values = [plain(value) for value in (feed, *outputs)]
        with np.errstate(over='ignore'):
            if not np.isfinite(values[0].astype(np.float32)).all():
                raise Unfit('an input that is not finite in float32')
        reference = check_newest(fixed, [feed], outputs, entry['opset'])
        if group == 'node' and entry['operators'][0] in ELEMENTWISE:
            fixed, values = as_one_observation(fixed, values)
        arrays = {'input': values[0], **{f'output{i}': x for i, x in enumerate(values[1:])}}
    except Unfit as error:
        return {**entry, 'unfit': str(error)}
    folder = out / group
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f'{name}.onnx').write_bytes(fixed.SerializeToString())
    np.savez(folder / f'{name}.npz', **arrays)
    return {**entry, **reference}


def header(model):
    opsets = [entry.version for entry in model.opset_import if entry.domain in ('', 'ai.onnx')]
    return {
        'opset': opsets[0] if opsets else 0,
        'operators': sorted({node.op_type for node in model.graph.node}),
    }


def as_one_observation(model, values):
    """With a batch dimension of 1 in front of the input and the outputs; constants broadcast as before."""
    batched = onnx.ModelProto()
    batched.CopyFrom(model)
    for value in (*batched.graph.input, *batched.graph.output):
        shape = value.type.tensor_type.shape
        sizes = [1, *(size.dim_value for size in shape.dim)]
        shape.ClearField('dim')
        for size in sizes:
            shape.dim.add().dim_value = size
    return batched, [value[None] for value in values]


def check_newest(model, inputs, outputs, opset):
    """What a case of a new opset expects has to be what the reference evaluator computes."""
    if opset < FIRST_NEW_OPSET:
        return {}
    stored = {tensor.name for tensor in model.graph.initializer}
    names = [value.name for value in model.graph.input if value.name not in stored]
    try:
        computed = ReferenceEvaluator(model).run(None, dict(zip(names, inputs, strict=True)))
    # The evaluator raises whatever its operator happens to raise.
    except Exception as error:
        return {'reference': f'{type(error).__name__}: {error}'.splitlines()[0]}
    if all(same(a, b) for a, b in zip(computed, outputs, strict=True)):
        return {'reference': 'agrees'}
    return {'reference': 'differs'}


def same(computed, expected):
    if expected.dtype.kind in 'OUS':
        return np.array_equal(computed, expected)
    computed, expected = plain(computed), plain(expected)
    return computed.shape == expected.shape and np.allclose(computed, expected, 1e-3, 1e-5, True)


def with_parts(model, inputs):
    """One input [batch, features] from which slices and reshapes take the model's inputs."""
    batch = inputs[0].shape[0]
    if any(value.ndim < 2 or value.shape[0] != batch for value in inputs):
        raise Unfit('inputs without a batch dimension in common')
    rows = [value.reshape(batch, -1) for value in inputs]
    joined = onnx.ModelProto()
    joined.CopyFrom(model)
    graph = joined.graph
    nodes = [*graph.node]
    del graph.node[:]
    start = 0
    for value, part, row in zip([*graph.input], inputs, rows, strict=True):
        end = start + row.shape[1]
        arrays = {'start': [start], 'end': [end], 'axis': [1], 'shape': [-1, *part.shape[1:]]}
        for key, array in arrays.items():
            tensor = numpy_helper.from_array(np.array(array, np.int64), f'{value.name}.{key}')
            graph.initializer.append(tensor)
        keys = [f'{value.name}.{key}' for key in arrays]
        sliced = f'{value.name}.slice'
        graph.node.append(onnx.helper.make_node('Slice', ['joined', *keys[:3]], [sliced]))
        graph.node.append(onnx.helper.make_node('Reshape', [sliced, keys[3]], [value.name]))
        start = end
    graph.node.extend(nodes)
    del graph.input[:]
    graph.input.append(onnx.helper.make_tensor_value_info('joined', 1, [batch, start]))
    return joined, [np.concatenate(rows, axis=1)]


def with_constants(model, inputs):
    """The model with its first input free and the others as initialisers, and the value of the first."""
    stored = {tensor.name for tensor in model.graph.initializer}
    free = [value for value in model.graph.input if value.name not in stored]
    if len(free) == 0:
        raise Unfit('no input')
    if len(inputs) != len(free):
        raise Unfit(f'{len(inputs)} values for {len(free)} inputs')
    for value in inputs:
        if not isinstance(value, np.ndarray | np.generic):
            raise Unfit('a sequence or an optional as input')
    fixed = onnx.ModelProto()
    fixed.CopyFrom(model)
    # Before, every initialiser had to be an input as well.
    fixed.ir_version = max(fixed.ir_version, 4)
    for value, array in list(zip(free, inputs, strict=True))[1:]:
        fixed.graph.initializer.append(numpy_helper.from_array(np.asarray(array), value.name))
        fixed.graph.input.remove(value)
    return fixed, inputs[0]


def as_array(value):
    return numpy_helper.to_array(value) if isinstance(value, onnx.TensorProto) else value


def plain(array):
    if not isinstance(array, np.ndarray | np.generic):
        raise Unfit('a sequence or an optional as output')
    if array.dtype.kind in 'OUS':
        raise Unfit('texts')
    # bfloat16 and the eight-bit floats come from ml_dtypes; float32 holds each of their values.
    return array if array.dtype.kind in PLAIN_TYPES else array.astype(np.float32)


def read_tensor(path):
    tensor = onnx.TensorProto()
    tensor.ParseFromString(path.read_bytes())
    return tensor


if __name__ == '__main__':
    sys.exit(main())
