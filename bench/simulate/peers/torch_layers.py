"""The problem's layers as torch modules, for every peer that stands on torch; sets torch's threads."""

import torch


def torch_layers(problem):
    torch.set_num_threads(problem.threads)
    return [torch_layer(layer) for layer in problem.layers]


def torch_layer(layer):
    if layer.kind == 'flatten':
        return torch.nn.Flatten()
    shape = layer.weight.shape
    if layer.kind == 'dense':
        module = torch.nn.Linear(shape[1], shape[0])
    else:
        module = torch.nn.Conv2d(shape[1], shape[0], shape[2:], layer.stride)
    with torch.no_grad():
        module.weight.copy_(torch.from_numpy(layer.weight))
        module.bias.copy_(torch.from_numpy(layer.bias))
    return module.eval()
