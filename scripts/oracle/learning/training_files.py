"""Writes test/oracle/training.*: ten losses of networks in training by torch, in float64."""

import itertools
import math

import numpy as np
import torch
from torch.nn import functional

from ..archive import write_json, write_npz
from .gradient_files import LEAST_MARGIN, trained
from .rules import CASES, Rule
from .spiking import simulate

ROWS = 12
UPDATES = 10
SIZES = (4, 9, 7, 3)

# Where training blows up, so do roundings.
MOST_WEIGHT = 4

SIMULATION = {
    'semantics': 'direct',
    'decoding': 'mean_potential',
    'reset': 'subtraction',
    'attached': False,
    'surrogate': {'kind': 'fast-sigmoid', 'slope': 5.0},
    'epsilon': 1e-5,
    'steps': 12,
}

LOSSES = ('mse', 'huber', 'cross-entropy', 'policy-gradient')


def write_training(root):
    folder = root / 'test' / 'oracle'
    arrays, cases = {}, []
    for number, options in enumerate(CASES):
        for spiking in (False, True):
            loss = LOSSES[number % len(LOSSES)]
            case = {'key': f't{len(cases)}', 'spiking': spiking, 'loss': loss, **options}
            if spiking:
                case['optimiser'] = slower(case['optimiser'])
            train(arrays, len(cases), case)
            cases.append(case)
    write_npz(folder / 'training.npz', arrays)
    write_json(folder / 'training.json', {'simulation': SIMULATION, 'cases': cases})


def slower(optimiser):
    """Gradients through time are sums over the steps."""
    rate = optimiser['learningRate']
    if isinstance(rate, float):
        return {**optimiser, 'learningRate': rate / 20}
    ends = {name: rate[name] / 20 for name in ('from', 'to') if name in rate}
    return {**optimiser, 'learningRate': {**rate, **ends}}


def train(arrays, number, case):
    """Draws networks until one keeps its potentials off the thresholds all the way."""
    for attempt in range(50):
        rng = np.random.default_rng([number, attempt])
        begin = draw(rng)
        parameters = [trained(array) for array in begin]
        batch = {
            'obs': rng.uniform(-1, 1.5, (ROWS, SIZES[0])).astype(np.float32),
            'targets': rng.normal(0, 1, (ROWS, SIZES[-1])).astype(np.float32),
            'labels': rng.integers(0, SIZES[-1], ROWS).astype(np.int32),
        }
        rule = Rule(case['optimiser'], case['clip'], parameters)
        updates = [update(case, rule, parameters, batch) for _ in range(UPDATES)]
        tame = max(tensor.abs().max().item() for tensor in parameters) < MOST_WEIGHT
        if tame and min(margin for _, margin in updates) >= LEAST_MARGIN:
            break
    else:
        raise AssertionError(f'{case} does not settle')
    key = case['key']
    arrays.update({f'{key}.{name}': array for name, array in batch.items()})
    arrays[f'{key}.losses'] = np.array([loss for loss, _ in updates])
    for index, (before, after) in enumerate(zip(begin, parameters, strict=True)):
        name = f'{"wb"[index % 2]}{index // 2}'
        arrays[f'{key}.begin.{name}'] = before
        arrays[f'{key}.end.{name}'] = after.detach().numpy()


def draw(rng):
    arrays = []
    for inputs, units in itertools.pairwise(SIZES):
        arrays.append(rng.normal(0.15, 1.4 / np.sqrt(inputs), (units, inputs)))
        arrays.append(rng.normal(0.05, 0.1, units))
    return [array.astype(np.float32) for array in arrays]


def update(case, rule, parameters, batch):
    out, margin = outputs(case['spiking'], parameters, torch.tensor(batch['obs']).double())
    loss = loss_of(
        case['loss'], out, torch.tensor(batch['targets']).double(), torch.tensor(batch['labels'])
    )
    for parameter in parameters:
        parameter.grad = None
    loss.backward()
    rule.step()
    return loss.item(), margin


def outputs(spiking, parameters, rows):
    weights, biases = parameters[::2], parameters[1::2]
    if spiking:
        one = torch.tensor(1.0, dtype=torch.float64)
        numbers = [{'threshold': one, 'alpha': 0 * one, 'beta': one} for _ in weights]
        return simulate(SIMULATION, weights, biases, numbers, rows)
    for layer, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        rows = functional.linear(rows, weight, bias)
        if layer + 1 < len(weights):
            rows = rows.relu()
    return rows, math.inf


def loss_of(name, out, targets, labels):
    """`policy-gradient` takes the first column of the targets for returns."""
    match name:
        case 'mse':
            return functional.mse_loss(out, targets)
        case 'huber':
            return functional.huber_loss(out, targets, delta=0.7)
        case 'cross-entropy':
            return functional.cross_entropy(out, labels.long())
        case 'policy-gradient':
            chosen = functional.log_softmax(out, 1)[torch.arange(len(labels)), labels.long()]
            return -(chosen * targets[:, 0]).mean()
    raise ValueError(name)
