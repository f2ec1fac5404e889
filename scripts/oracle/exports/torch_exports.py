"""Exports the PyTorch networks with both exporters, and computes what they answer."""

import numpy as np
import onnx
import torch

from ..onnx_files import export
from .listing import write_export
from .torch_nets import NETS, build

ROWS = 6
EXPORTERS = {'torchscript': False, 'dynamo': True}
EXTERNAL = 'nature-dqn'


def write_torch_exports(folder):
    entries = [
        write_torch_export(folder, name, exporter) for name in NETS for exporter in EXPORTERS
    ]
    entries.append(write_torch_export(folder, EXTERNAL, 'dynamo', external=True))
    return entries


def write_torch_export(folder, name, exporter, external=False):
    net, shape = build(name)
    model = export(net, shape, EXPORTERS[exporter], 'observation', 'output')
    rng = np.random.default_rng(7)
    scale = 255 if name.endswith('-dqn') and len(shape) == 3 else 1
    rows = (rng.uniform(-0.2, 1, size=(ROWS, *shape)) * scale).astype(np.float32)
    with torch.no_grad():
        output = net(torch.from_numpy(rows)).numpy()
    source = f'torch {torch.__version__.split("+")[0]}, {exporter}'
    file = f'{name}-{exporter}'
    if external:
        file = f'{file}-external'
        # As dynamo=True does by itself; onnxruntime needs the constants of shapes inside.
        settings = {'save_as_external_data': True, 'size_threshold': 256}
        location = f'{file}.onnx.data'
        (folder / location).unlink(missing_ok=True)
        onnx.save(model, folder / f'{file}.onnx', location=location, **settings)
        model = onnx.load(folder / f'{file}.onnx', load_external_data=False)
        source += ', external data'
    return write_export(folder, file, model, rows, output, source)
