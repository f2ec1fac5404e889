"""One exported graph: the file, and beside it the input and what the framework itself answers."""

import numpy as np
import onnx

from ..archive import announce, write_json, write_npz

LARGEST_FILE = 200_000
FOLDER = 'onnx-exports'


def write_exports(root, library, write):
    folder = root / 'test' / 'oracle' / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder.parent / f'{FOLDER}.{library}.json', {'cases': write(folder)})


def write_export(folder, name, model, rows, output, source):
    """Returns the entry for the listing."""
    path = folder / f'{name}.onnx'
    path.write_bytes(model.SerializeToString(deterministic=True))
    onnx.checker.check_model(path)
    announce(path)
    size = path.stat().st_size
    assert size <= LARGEST_FILE, f'{path} has {size} bytes, more than {LARGEST_FILE}'
    assert np.ptp(output, axis=0).max() > 0, f'{name} answers every input alike'
    write_npz(folder / f'{name}.npz', {'input': rows, 'output': output})
    return {'name': name, 'source': source, 'operators': operators(model)}


def operators(model):
    """So that a change of the exporter shows in the listing."""
    counted = {}
    for node in model.graph.node:
        counted[node.op_type] = counted.get(node.op_type, 0) + 1
    return dict(sorted(counted.items()))
