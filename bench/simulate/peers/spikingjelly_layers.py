"""SpikingJelly in multi-step mode: every layer takes all T steps at once, in eval mode."""

from importlib.metadata import version

import torch
from spikingjelly.activation_based import functional, layer, neuron
from torch_layers import torch_layers

VERSION = version('spikingjelly')


def make(problem):
    return make_runner(problem, hoisted=False)


def make_runner(problem, hoisted):
    """`hoisted` computes the first layer's constant current once, which SpikingJelly does not do by itself."""
    modules = torch_layers(problem)
    first, rest = modules[0], modules[1:]
    stack = [neuron.IFNode(v_reset=None, step_mode='m')]
    for module in rest:
        stack.append(layer.SeqToANNContainer(module))
        if module is not rest[-1] and not isinstance(module, torch.nn.Flatten):
            stack.append(neuron.IFNode(v_reset=None, step_mode='m'))
    net = torch.nn.Sequential(*stack).eval()
    over_steps = layer.SeqToANNContainer(first).eval()

    @torch.no_grad()
    def run(observations):
        functional.reset_net(net)
        inputs = torch.from_numpy(observations)
        if hoisted:
            current = first(inputs)
            currents = current.expand(problem.steps, *current.shape)
        else:
            currents = over_steps(inputs.expand(problem.steps, *inputs.shape))
        return net(currents).sum(0).numpy()

    return run
