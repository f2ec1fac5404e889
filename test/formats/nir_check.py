"""Reads NIR files of ours with the nir package, and writes files of its own for us.

The request is {"read": [paths], "write": folder}. The answer holds of each file read its version, nodes with the
shapes that nir infers, and edges; and the paths of the files written.
"""

import itertools
import json
import os
import sys

import nir
import numpy as np
from nir.serialization import read_version

request = json.load(sys.stdin)


def listed(value):
    return None if value is None else np.asarray(value).tolist()


def describe(path):
    graph = nir.read(path)
    nodes = {
        name: {
            'type': type(node).__name__,
            'input': listed(next(iter(node.input_type.values()))),
            'output': listed(next(iter(node.output_type.values()))),
        }
        for name, node in graph.nodes.items()
    }
    return {
        'version': read_version(path),
        'nodes': nodes,
        'edges': sorted(map(list, graph.edges)),
        'metadata': sorted(graph.metadata),
        'spiq': json.loads(graph.metadata['spiq'])['format'],
    }


def ones(*shape):
    return np.ones(shape, dtype=np.float32)


def unit(name, size, **fields):
    parameters = {field: ones(size) * value for field, value in fields.items()}
    return getattr(nir, name)(**parameters)


units = {
    'I': unit('I', 3, r=1),
    'IF': unit('IF', 3, r=1, v_threshold=1),
    'LI': unit('LI', 3, tau=1e-3, r=1, v_leak=0),
    'LIF': unit('LIF', 3, tau=1e-3, r=1, v_leak=0.5, v_threshold=1, v_reset=-0.5),
    'CubaLI': unit('CubaLI', 3, tau_mem=1e-3, tau_syn=1e-3, r=1, v_leak=0, w_in=2),
    'CubaLIF': unit('CubaLIF', 3, tau_mem=1e-3, tau_syn=1e-3, r=1, v_leak=0, v_threshold=1),
    'Threshold': unit('Threshold', 3, threshold=1),
    'Scale': unit('Scale', 3, scale=2),
    'Linear': nir.Linear(weight=ones(3, 3)),
}


def whole(shape, nodes, output):
    named = {'input': nir.Input(input_type=np.array(shape)), **nodes}
    named['output'] = nir.Output(output_type=np.array(output))
    names = list(named)
    return named, list(itertools.pairwise(names))


def graphs():
    for name, node in units.items():
        affine = nir.Affine(weight=ones(3, 2), bias=ones(3))
        yield name, nir.NIRGraph(*whole([2], {'fc': affine, 'unit': node}, [3]))
    images = {
        'conv': nir.Conv2d((6, 6), ones(2, 1, 3, 3), 1, 'same', 1, 1, ones(2)),
        'mean': nir.AvgPool2d(np.array([2, 2]), np.array([2, 2]), np.array([0, 0])),
        'sum': nir.SumPool2d(np.array([3, 3]), np.array([3, 3]), np.array([0, 0])),
        'flat': nir.Flatten({'input': np.array([2, 1, 1])}, 0, -1),
    }
    yield 'image', nir.NIRGraph(*whole([1, 6, 6], images, [2]))
    wave = {'conv': nir.Conv1d(8, ones(2, 1, 3), 2, 1, 1, 1, ones(2))}
    yield 'wave', nir.NIRGraph(*whole([1, 8], wave, [2, 4]))
    nodes, edges = whole([3], {'unit': units['Threshold']}, [3])
    nodes.update(back=units['Linear'], late=unit('Delay', 3, delay=2e-4))
    edges += [('unit', 'back'), ('back', 'unit'), ('input', 'late'), ('late', 'unit')]
    yield 'loop', nir.NIRGraph(nodes, edges)
    inner = nir.NIRGraph(*whole([3], {'unit': units['IF']}, [3]))
    yield 'nested', nir.NIRGraph(*whole([3], {'block': inner}, [3]))


answer = {'read': [describe(path) for path in request['read']], 'written': {}}
for name, graph in graphs():
    path = os.path.join(request['write'], f'{name}.nir')
    # gzip as by default, and as plain as HDF5 can be.
    nir.write(path, graph, compression=None if name == 'wave' else 'gzip')
    answer['written'][name] = path
print(json.dumps(answer))
