"""Writes test/oracle/gradients.*: gradients of random networks by torch, in float64."""

import itertools

import numpy as np
import torch

from ..archive import write_json, write_npz
from .random_graphs import KINDS, TRAINED, random_graph
from .spiking import simulate
from .torch_layers import compute

ROWS = 3
GRAPHS = 24
SIZES = (5, 9, 7, 3)
# Potentials nearer to a threshold might spike otherwise by rounding.
LEAST_MARGIN = 1e-6


def write_gradients(root):
    folder = root / 'test' / 'oracle'
    arrays, cases = {}, []
    kinds = set()
    for seed in range(GRAPHS):
        draft = random_graph(seed)
        kinds.update(node['kind'] for node in draft.nodes)
        cases.append(write_graph(arrays, f'g{seed}', draft))
    missing = set(KINDS) - kinds
    assert not missing, f'no graph has {missing}'
    write_npz(folder / 'gradients.npz', arrays)
    write_json(folder / 'gradients.json', {'cases': cases})
    arrays, cases = {}, []
    for number, options in enumerate(spiking_options()):
        cases.append(write_spiking(arrays, f's{number}', number, options))
    write_npz(folder / 'gradients.spiking.npz', arrays)
    write_json(folder / 'gradients.spiking.json', {'cases': cases})


def write_graph(arrays, key, draft):
    parameters = {}
    for name, array in draft.arrays.items():
        arrays[f'{key}.{name}'] = array
        node, field = name.split('.')
        tensor = torch.tensor(array, dtype=torch.float64, requires_grad=field in TRAINED)
        parameters.setdefault(node, {})[field] = tensor
    observations = draft.normal((ROWS, *draft.shapes['x']), 1).astype(np.float32)
    values = {'x': torch.tensor(observations, dtype=torch.float64)}
    for node in draft.nodes[1:]:
        sources = [values[a] for a, b in draft.edges if b == node['name']]
        values[node['name']] = compute(node, parameters.get(node['name'], {}), sources)
    put_result(arrays, key, draft.rng, observations, values[draft.last], parameters)
    return {'key': key, 'nodes': draft.nodes, 'edges': draft.edges}


def put_result(arrays, key, rng, observations, out, parameters):
    """The loss is the sum of outputs times coefficients."""
    coefficients = rng.normal(0, 1, out.shape).astype(np.float32)
    (out * torch.tensor(coefficients, dtype=torch.float64)).sum().backward()
    arrays[f'{key}.obs'] = observations.reshape(ROWS, -1)
    arrays[f'{key}.coefficients'] = coefficients
    arrays[f'{key}.out'] = out.detach().numpy()
    for node, fields in parameters.items():
        for field, tensor in fields.items():
            if tensor.grad is not None:
                arrays[f'{key}.gradient.{node}.{field}'] = tensor.grad.numpy()


def spiking_options():
    """Every pair of semantics and decoding, with the other options in turn."""
    surrogates = itertools.cycle(
        [('fast-sigmoid', 5.0), ('arctan', 2.0), ('sigmoid', 4.0), ('piecewise', 1.5)]
    )
    resets = itertools.cycle(['subtraction', 'zero', 'subtraction'])
    attached = itertools.cycle([False, True, True, False, False])
    leaks = itertools.cycle([(0.0, 1.0), (0.4, 0.9), (0.0, 0.8)])
    decodings = {
        'direct': ['potential', 'spikes', 'mean_potential', 'max_potential'],
        'dsqn': ['potential', 'spikes'],
    }
    for _ in range(4):
        for semantics, kinds in decodings.items():
            for decoding in kinds:
                kind, slope = next(surrogates)
                alpha, beta = next(leaks)
                yield {
                    'semantics': semantics,
                    'decoding': decoding,
                    'reset': next(resets),
                    'attached': next(attached),
                    'surrogate': {'kind': kind, 'slope': slope},
                    'alpha': alpha,
                    'beta': beta,
                    'threshold': 0.75,
                    'epsilon': 1e-5,
                    'steps': 14,
                }


def write_spiking(arrays, key, number, options):
    for attempt in itertools.count():
        rng = np.random.default_rng([number, attempt])
        weights, biases = [], []
        parameters = {}
        for layer, (inputs, units) in enumerate(itertools.pairwise(SIZES)):
            weight = rng.normal(0.15, 1.4 / np.sqrt(inputs), (units, inputs)).astype(np.float32)
            bias = rng.normal(0.05, 0.1, units).astype(np.float32)
            weights.append(trained(weight))
            biases.append(trained(bias))
            parameters[f'dense{layer}'] = {'weight': weights[-1], 'bias': biases[-1]}
        numbers = [
            {name: trained(options[name]) for name in ('threshold', 'alpha', 'beta')}
            for _ in weights
        ]
        parameters.update({f'neurons{layer}': each for layer, each in enumerate(numbers)})
        observations = rng.uniform(-0.5, 1, (ROWS, SIZES[0])).astype(np.float32)
        rows = torch.tensor(observations, dtype=torch.float64)
        out, margin = simulate(options, weights, biases, numbers, rows)
        if margin < LEAST_MARGIN or np.ptp(out.detach().numpy()) == 0:
            continue
        for name, fields in parameters.items():
            if name.startswith('dense'):
                for field, tensor in fields.items():
                    arrays[f'{key}.{name}.{field}'] = tensor.detach().numpy().astype(np.float32)
        put_result(arrays, key, rng, observations, out, parameters)
        return {'key': key, **options}
    raise AssertionError('no end')


def trained(value):
    return torch.tensor(value, dtype=torch.float64, requires_grad=True)
