"""Writes test/oracle/onnx/: small graphs as exporters write them, and what they compute."""

import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx.reference import ReferenceEvaluator

from .archive import announce, write_json, write_npz
from .onnx_details import without_machine_details
from .onnx_graphs import refused_graphs, written_graphs
from .onnx_layers import layer_graphs, newest_graphs, refused_layers

ROWS = 8


def write_onnx(root):
    folder = root / 'test' / 'oracle' / 'onnx'
    folder.mkdir(parents=True, exist_ok=True)
    cases = []
    accepted = {**written_graphs(), **exported_graphs(), **layer_graphs()}
    for name, (model, note) in accepted.items():
        cases.append(write_graph(folder, name, model, note, accepted=True))
    for name, (model, note) in newest_graphs().items():
        case = write_graph(folder, name, model, note, accepted=True)
        cases.append({**case, 'unverified': True})
    for name, (model, note) in {**refused_graphs(), **refused_layers()}.items():
        cases.append(write_graph(folder, name, model, note, accepted=False))
    write_json(root / 'test' / 'oracle' / 'onnx.json', {'cases': cases})


def write_graph(folder, name, model, note, accepted):
    onnx.checker.check_model(model)
    path = folder / f'{name}.onnx'
    path.write_bytes(model.SerializeToString(deterministic=True))
    announce(path)
    feeds = random_inputs(model)
    output = ReferenceEvaluator(model).run(None, feeds)[0]
    assert np.ptp(output) > 0, f'{name} answers every input alike'
    inputs = list(feeds.values())
    arrays = {'input': inputs[0], 'output': output}
    for number, extra in enumerate(inputs[1:], start=2):
        arrays[f'input{number}'] = extra
    write_npz(folder / f'{name}.npz', arrays)
    return {'name': name, 'accepted': accepted, 'note': note}


def random_inputs(model):
    rng = np.random.default_rng(41)
    feeds = {}
    stored = {tensor.name for tensor in model.graph.initializer}
    for value in model.graph.input:
        if value.name in stored:
            continue
        tensor = value.type.tensor_type
        dims = [d.dim_value or ROWS for d in tensor.shape.dim]
        dtype = onnx.helper.tensor_dtype_to_np_dtype(tensor.elem_type)
        if dtype == np.uint8:
            feeds[value.name] = rng.integers(0, 256, dims).astype(dtype)
        else:
            feeds[value.name] = rng.normal(size=dims).astype(dtype)
    return feeds


def exported_graphs():
    torch.manual_seed(42)
    plain = torch.nn.Sequential(torch.nn.Linear(4, 6), torch.nn.ReLU(), torch.nn.Linear(6, 3))
    flattened = torch.nn.Sequential(torch.nn.Flatten(), *plain)
    return {
        'torch-dynamo': (export(plain, (4,), True), 'Gemm transB=1, the default exporter of torch'),
        'torch-script': (export(plain, (4,), False), 'Gemm transB=1, the older exporter of torch'),
        'torch-flatten': (export(flattened, (2, 2), True), 'Flatten before the first Gemm'),
    }


def export(module, shape, dynamo, input_name='observation', output_name='q_values'):
    """One file, weights inside, batch dimension free; `shape` may be an example instead, for other types."""
    module = module.eval()
    example = (shape if isinstance(shape, torch.Tensor) else torch.zeros(2, *shape),)
    names = {'input_names': [input_name], 'output_names': [output_name]}
    if dynamo:
        batch = torch.export.Dim('batch')
        free = {'dynamic_shapes': ({0: batch},), 'external_data': False}
    else:
        free = {'dynamic_axes': {input_name: {0: 'batch'}, output_name: {0: 'batch'}}}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / 'net.onnx'
        torch.onnx.export(module, example, path, dynamo=dynamo, verbose=False, **names, **free)
        model = onnx.load(path)
    return without_machine_details(model)
