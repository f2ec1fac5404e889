"""The plain torch loop that a user would write. On request it counts each neuron's spikes, by layer."""

import torch
from torch_layers import torch_layers

VERSION = torch.__version__


def make(problem):
    modules = torch_layers(problem)

    @torch.no_grad()
    def run(observations, counts=None):
        inputs = torch.from_numpy(observations)
        potentials = [None] * len(modules)
        for _ in range(problem.steps):
            signal = inputs
            for index, module in enumerate(modules):
                signal = module(signal)
                if isinstance(module, torch.nn.Flatten):
                    continue
                before = potentials[index]
                potentials[index] = signal if before is None else before + signal
                if index + 1 == len(modules):
                    break
                signal = (potentials[index] >= 1).float()
                potentials[index] = potentials[index] - signal
                if counts is not None:
                    counts[index] = counts.get(index, 0) + signal.flatten(1)
        return potentials[-1].numpy()

    return run
