"""Norse: an IAFCell after each layer. It resets to zero, so its spikes are another network's."""

import norse.torch
import torch
from torch_layers import torch_layers

VERSION = norse.__version__


def make(problem):
    modules = torch_layers(problem)
    cells = [norse.torch.IAFCell() for _ in modules]

    @torch.no_grad()
    def run(observations):
        inputs = torch.from_numpy(observations)
        states = [None] * len(cells)
        total = None
        for _ in range(problem.steps):
            signal = inputs
            for index, module in enumerate(modules):
                signal = module(signal)
                if isinstance(module, torch.nn.Flatten):
                    continue
                if index + 1 == len(modules):
                    total = signal if total is None else total + signal
                else:
                    signal, states[index] = cells[index](signal, states[index])
        return total.numpy()

    return run
