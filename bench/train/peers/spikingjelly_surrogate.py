"""SpikingJelly in multi-step mode: every layer takes all steps at once."""

from importlib.metadata import version

import torch
from spikingjelly.activation_based import functional, layer, neuron
from surrogate import FastSigmoid, make_updates

VERSION = version('spikingjelly')


def make(path):
    return make_updates(path, make_forward)


def make_forward(layers, steps):
    stack = []
    for module in layers:
        stack.append(layer.SeqToANNContainer(module))
        if module is not layers[-1] and not isinstance(module, torch.nn.Flatten):
            stack.append(
                neuron.IFNode(
                    v_reset=None,
                    surrogate_function=FastSigmoid.apply,
                    detach_reset=True,
                    step_mode='m',
                )
            )
    net = torch.nn.Sequential(*stack)

    def forward(inputs):
        functional.reset_net(net)
        return net(inputs.expand(steps, *inputs.shape)).sum(0)

    return forward
