"""snnTorch: a Leaky cell without leak after each layer. It subtracts a spike one step after it was fired."""

import snntorch
import torch
from snntorch import surrogate
from surrogate import make_updates

VERSION = snntorch.__version__


def make(path):
    return make_updates(path, make_forward)


def make_forward(layers, steps):
    cells = [snntorch.Leaky(beta=1.0, spike_grad=surrogate.fast_sigmoid(slope=100)) for _ in layers]

    def forward(inputs):
        states = [cell.reset_mem() for cell in cells]
        total = 0
        for _ in range(steps):
            signal = inputs
            for index, layer in enumerate(layers):
                signal = layer(signal)
                if isinstance(layer, torch.nn.Flatten):
                    continue
                if index + 1 == len(layers):
                    total = total + signal
                else:
                    signal, states[index] = cells[index](signal, states[index])
        return total

    return forward
