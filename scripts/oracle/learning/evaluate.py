"""Runs a draft's graph in torch and takes its gradients."""

import torch

from .random_graphs import TRAINED
from .torch_layers import compute


def parameters_of(draft):
    """By node and field, in double; those that are trained ask for gradients."""
    found = {}
    for key, array in draft.arrays.items():
        name, field = key.split('.')
        tensor = torch.tensor(array, dtype=torch.float64, requires_grad=field in TRAINED)
        found.setdefault(name, {})[field] = tensor
    return found


def forward(draft, parameters, observations):
    values = {'x': observations}
    for node in draft.nodes[1:]:
        sources = [values[a] for a, b in draft.edges if b == node['name']]
        values[node['name']] = compute(node, parameters.get(node['name'], {}), sources)
    return values[draft.last]
