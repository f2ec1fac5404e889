"""One exported graph: the file, and beside it the input and what the framework itself answers."""

import numpy as np
import onnx

from ..archive import announce, write_npz

LARGEST_FILE = 200_000


def write_export(folder, name, model, rows, outputs, source):
    """Returns the entry for the listing."""
    onnx.checker.check_model(model)
    path = folder / f'{name}.onnx'
    path.write_bytes(model.SerializeToString(deterministic=True))
    announce(path)
    size = path.stat().st_size
    assert size <= LARGEST_FILE, f'{path} has {size} bytes, more than {LARGEST_FILE}'
    for key, output in outputs.items():
        assert np.ptp(output, axis=0).max() > 0, f'{name}: {key} is the same for every input'
    write_npz(folder / f'{name}.npz', {'input': rows, **outputs})
    return {'name': name, 'source': source, 'operators': operators(model)}


def operators(model):
    """So that a change of the exporter shows in the listing."""
    counted = {}
    for node in model.graph.node:
        counted[node.op_type] = counted.get(node.op_type, 0) + 1
    return dict(sorted(counted.items()))
