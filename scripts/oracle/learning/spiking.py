"""Spiking layers through time in torch, with the derivative of a surrogate in place of a spike's."""

import math

import torch
from torch.nn import functional


def surrogate_derivative(kind, slope, x):
    match kind:
        case 'fast-sigmoid':
            return 1 / (slope * x.abs() + 1) ** 2
        case 'arctan':
            return 1 / (1 + (math.pi * slope * x / 2) ** 2)
        case 'sigmoid':
            g = torch.sigmoid(slope * x)
            return slope * g * (1 - g)
        case 'piecewise':
            return (1 - slope * x.abs()).clamp(min=0)
    raise ValueError(kind)


def spike_function(kind, slope, strict):
    class Spike(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return ((x > 0) if strict else (x >= 0)).to(x.dtype)

        @staticmethod
        def backward(ctx, gradient):
            (x,) = ctx.saved_tensors
            return gradient * surrogate_derivative(kind, slope, x)

    return Spike.apply


class Neurons:
    """One layer's state; `options` are those of the case, the numbers may be trained."""

    def __init__(self, options, numbers, fires):
        self.options = options
        self.numbers = numbers
        self.fires = fires
        self.spike = spike_function(
            options['surrogate']['kind'],
            options['surrogate']['slope'],
            options['semantics'] == 'dsqn',
        )
        self.current = torch.zeros((), dtype=torch.float64)
        self.potential = torch.zeros((), dtype=torch.float64)
        self.margin = math.inf

    def fire(self, overshoot):
        self.margin = min(self.margin, overshoot.abs().min().item())
        spikes = self.spike(overshoot)
        return spikes, spikes if self.options['attached'] else spikes.detach()

    def step(self, drive):
        alpha, beta = self.numbers['alpha'], self.numbers['beta']
        zero = self.options['reset'] == 'zero'
        if self.options['semantics'] == 'dsqn':
            tested = self.potential + torch.zeros_like(drive)
            charged = beta * self.potential + self.current
            self.current = alpha * self.current + drive
            spikes = None
            if self.fires:
                spikes, taken = self.fire(tested - self.numbers['threshold'])
                charged = charged * (1 - taken) if zero else charged - taken
            self.potential = charged
            return spikes
        self.current = alpha * self.current + drive
        potential = beta * self.potential + self.current
        spikes = None
        if self.fires:
            threshold = self.numbers['threshold'] * (1 - self.options['epsilon'])
            spikes, taken = self.fire(potential - threshold)
            potential = potential * (1 - taken) if zero else potential - taken * threshold
        self.potential = potential
        return spikes


def simulate(options, weights, biases, numbers, observations):
    """Fully connected layers under constant input; the decoding, and the smallest margin."""
    counts = options['decoding'] == 'spikes'
    last = len(weights) - 1
    layers = [Neurons(options, numbers[layer], layer < last or counts) for layer in range(last + 1)]
    seen = []
    for _ in range(options['steps']):
        signal = observations
        for layer, neurons in enumerate(layers):
            spikes = neurons.step(functional.linear(signal, weights[layer], biases[layer]))
            signal = spikes
        seen.append(spikes if counts else neurons.potential)
    margin = min(neurons.margin for neurons in layers)
    stacked = torch.stack([torch.broadcast_to(values, seen[-1].shape) for values in seen])
    match options['decoding']:
        case 'potential':
            return seen[-1], margin
        case 'spikes':
            return stacked.sum(0), margin
        case 'mean_potential':
            return stacked.mean(0), margin
        case 'max_potential':
            return stacked.amax(0), margin
    raise ValueError(options['decoding'])
