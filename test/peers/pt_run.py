"""Saves weights with torch, and loads an npz of ours into a module.

The request is {"folder", "npz", "input"}. Saved are the same weights in the three kinds that scripts/pt_to_npz.py reads,
each in both forms; the answer has their numbers, and what the module computes with the weights of the npz.
"""

import json
import os
import sys

import numpy as np
import torch

request = json.load(sys.stdin)
torch.manual_seed(7)


def make():
    return torch.nn.Sequential(
        torch.nn.Linear(4, 6), torch.nn.ReLU(), torch.nn.Linear(6, 5, bias=False), torch.nn.ReLU()
    ).append(torch.nn.Linear(5, 3))


module = make()
linear = [layer for layer in module if isinstance(layer, torch.nn.Linear)]
weights = [torch.nn.Parameter(layer.weight.detach().t()) for layer in linear]
biases = [layer.bias for layer in linear]
contents = {'state-dict': module.state_dict(), 'tuple': (weights, biases), 'list': weights}
for kind, content in contents.items():
    for form, is_new in (('new', True), ('old', False)):
        path = os.path.join(request['folder'], f'{kind}.{form}.pt')
        torch.save(content, path, _use_new_zipfile_serialization=is_new)

other = make()
with np.load(request['npz']) as arrays:
    other.load_state_dict({key: torch.tensor(array) for key, array in arrays.items()})
values = torch.tensor(request['input'])
with torch.no_grad():
    answer = {
        'own': module(values).tolist(),
        'loaded': other(values).tolist(),
    }
    for layer in linear:
        if layer.bias is not None:
            layer.bias.zero_()
    answer['unbiased'] = module(values).tolist()
print(json.dumps(answer))
