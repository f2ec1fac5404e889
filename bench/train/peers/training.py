"""What both sides get: network, batches and settings, from the one file that spiq's side wrote."""

import json
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import torch


@dataclass(frozen=True)
class Batch:
    observations: np.ndarray
    chosen: np.ndarray  # labels, or the actions taken
    rewards: np.ndarray | None
    next: np.ndarray | None
    terminated: np.ndarray | None


def load(path):
    arrays = np.load(path)
    about = SimpleNamespace(**json.loads(arrays['about'].tobytes()))
    torch.set_num_threads(about.threads)
    count = sum(key.startswith('observations') for key in arrays.files)
    batches = [
        Batch(
            arrays[f'observations{i}'],
            arrays[f'chosen{i}'].astype(np.int64),
            arrays.get(f'rewards{i}'),
            arrays.get(f'next{i}'),
            arrays.get(f'terminated{i}'),
        )
        for i in range(count)
    ]
    return about, arrays, batches


def make_layers(about, arrays):
    """Torch modules with the problem's weights, in its order."""
    return [make_layer(spec, arrays, index) for index, spec in enumerate(about.layers)]


def make_layer(spec, arrays, index):
    if spec['kind'] == 'flatten':
        return torch.nn.Flatten()
    weight = torch.from_numpy(arrays[f'w{index}'])
    shape = weight.shape
    if spec['kind'] == 'dense':
        module = torch.nn.Linear(shape[1], shape[0])
    else:
        module = torch.nn.Conv2d(shape[1], shape[0], shape[2:], spec['stride'])
    with torch.no_grad():
        module.weight.copy_(weight)
        module.bias.copy_(torch.from_numpy(arrays[f'b{index}']))
    return module


def make_optimiser(about, parameters):
    kinds = {'adam': torch.optim.Adam, 'rmsprop': torch.optim.RMSprop}
    return kinds[about.optimiser](parameters, lr=about.learningRate)
