"""Random networks as messages of sim.build, for the tests of the engines."""

import itertools

import numpy as np
from spiq_worker.wire import Message


def grid(rng, shape):
    """Steps of 0.1: sums that lie next to each other in many ways of adding."""
    return (rng.integers(-6, 9, shape) * np.float32(0.1)).astype(np.float32).astype(float)


def dyadic(rng, shape):
    """Quarters: thresholds are met exactly."""
    return rng.integers(-3, 5, shape) * 0.25


def real(rng, shape):
    return rng.normal(0.08, 0.5, shape).astype(np.float32).astype(float)


WEIGHTS = {'grid': grid, 'dyadic': dyadic, 'real': real}


def network(
    rng,
    sizes=(4, 9, 7, 3),
    weights='real',
    reset='subtraction',
    semantics='direct',
    readout='potential',
    steps=30,
    copies=1,
    epsilon=1e-5,
    sparse=False,
    theta=1.0,
    options=None,
    name='n',
):
    """`theta`: a number, or None for a threshold of its own for every unit."""
    draw = WEIGHTS[weights]
    layers, tensors = [], {}
    for number, (inputs, units) in enumerate(itertools.pairwise(sizes)):
        fires = number < len(sizes) - 2 or readout == 'spikes'
        layers.append(
            {
                'units': units,
                'fires': fires,
                'threshold': theta,
                'form': 'sparse' if sparse else 'dense',
            }
        )
        matrix = draw(rng, (units, inputs)).astype('<f8')
        if sparse:
            matrix[rng.random(matrix.shape) < 0.6] = 0
            post, pre = np.nonzero(matrix)
            tensors[f'w{number}.pre'] = pre.astype('<u4')
            tensors[f'w{number}.post'] = post.astype('<u4')
            tensors[f'w{number}.value'] = matrix[post, pre]
        else:
            tensors[f'w{number}'] = matrix
        tensors[f'b{number}'] = draw(rng, units).astype('<f8') * 0.5
        if theta is None and fires:
            tensors[f'theta{number}'] = rng.choice([0.5, 1.0, 1.5, 2.0], units)
    body = {
        'net': name,
        'inputs': sizes[0],
        'T': steps,
        'reset': reset,
        'semantics': semantics,
        'epsilon': epsilon,
        'copies': copies,
        'readout': readout,
        'layers': layers,
        'options': options or {},
    }
    return Message('sim.build', body, tensors)


def observations(rng, rows, inputs, weights='real'):
    return np.abs(WEIGHTS[weights](rng, (rows, inputs))).astype('<f8')
