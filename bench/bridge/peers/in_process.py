"""What the worker does for a message, without the message: spiq's own way to NEST, in this process."""

import nest
import numpy as np
from spiq_worker import backends
from spiq_worker.wire import Message

VERSION = nest.__version__


class NobodyWaits:
    def pause(self):
        pass

    def progress(self, done, total):
        pass


def make(problem):
    backend = backends.load('nest', None)(NobodyWaits())
    last = len(problem.layers) - 1
    layers, tensors = [], {}
    for index, layer in enumerate(problem.layers):
        tensors[f'w{index}'] = layer.weight.astype('<f8')
        tensors[f'b{index}'] = layer.bias.astype('<f8')
        layers.append({'units': len(layer.bias), 'fires': index < last, 'threshold': 1})
    body = {
        'net': 'n',
        'inputs': problem.layers[0].weight.shape[1],
        'T': problem.steps,
        'reset': 'subtraction',
        'semantics': 'direct',
        'epsilon': 1e-9,
        'readout': 'potential',
        'copies': problem.batch,
        'layers': layers,
        'options': {},
    }
    backend.build(Message('sim.build', body, tensors))

    def run(observations):
        x = observations.astype(np.float64)
        message = Message('sim.run', {'net': 'n', 'want': ['potentials', 'counts']}, {'x': x})
        return backend.run(message).tensors['potentials']

    return run
