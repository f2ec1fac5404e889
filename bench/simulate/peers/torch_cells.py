"""A library's cells behind the layers, step by step: all but what starts a cell is the same for each library."""

import torch
from torch_layers import torch_layers


def make_stepper(problem, make_cell, start):
    """`make_cell()` for each layer; `start(cell)` is its state before the first step."""
    modules = torch_layers(problem)
    cells = [make_cell() for _ in modules]

    @torch.no_grad()
    def run(observations):
        inputs = torch.from_numpy(observations)
        states = [start(cell) for cell in cells]
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
