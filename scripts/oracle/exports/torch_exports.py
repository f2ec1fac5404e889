"""Exports the PyTorch networks with both exporters, and computes what they answer."""

import numpy as np
import torch

from ..onnx_files import export
from .listing import write_export
from .torch_nets import NETS, build

ROWS = 6
EXPORTERS = {'torchscript': False, 'dynamo': True}


def write_torch_exports(folder):
    return [
        write_torch_export(folder, name, exporter, dynamo)
        for name in NETS
        for exporter, dynamo in EXPORTERS.items()
    ]


def write_torch_export(folder, name, exporter, dynamo):
    net, shape = build(name)
    model = export(net, shape, dynamo, 'observation', 'output')
    rng = np.random.default_rng(7)
    scale = 255 if name.endswith('-dqn') and len(shape) == 3 else 1
    rows = (rng.uniform(-0.2, 1, size=(ROWS, *shape)) * scale).astype(np.float32)
    with torch.no_grad():
        output = net(torch.from_numpy(rows)).numpy()
    source = f'torch {torch.__version__.split("+")[0]}, {exporter}'
    return write_export(folder, f'{name}-{exporter}', model, rows, {'output': output}, source)
