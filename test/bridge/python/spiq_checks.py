"""A back end against what spiq's own simulator said. `spiq_checks.py BACKEND` reads networks with their results and prints
how many counts differ in each, and the largest deviation of what its decoding gives, as JSON.
"""

import json
import sys

import numpy as np
from engine_checks import NoTurn
from spiq_worker import backends
from spiq_worker.wire import Message


def difference(backend, net):
    sizes = net['sizes']
    layers = [
        {
            'units': units,
            'fires': number < len(sizes) - 2 or net['readout'] == 'spikes',
            'threshold': 1,
        }
        for number, units in enumerate(sizes[1:])
    ]
    tensors = {}
    for number, (weights, bias) in enumerate(zip(net['weights'], net['biases'], strict=True)):
        tensors[f'w{number}'] = np.array(weights).reshape(sizes[number + 1], sizes[number])
        tensors[f'b{number}'] = np.array(bias, float)
    body = {name: net[name] for name in ('reset', 'semantics', 'epsilon', 'readout')}
    body |= {'net': 'n', 'inputs': sizes[0], 'T': net['steps'], 'copies': 8, 'layers': layers}
    backend.client_changed()
    backend.build(Message('sim.build', body, tensors))
    x = np.array(net['rows']).reshape(-1, sizes[0])
    answer = backend.evaluate(Message('sim.evaluate', {'net': 'n'}, {'x': x})).tensors
    counts = np.hstack([np.array(layer).reshape(len(x), -1) for layer in net['counts']])
    out = np.array(net['out'], float).reshape(len(x), -1)
    decoded = (
        answer['counts'][:, -sizes[-1] :] if net['readout'] == 'spikes' else answer['potentials']
    )
    return {
        'counts': int((counts != answer['counts']).sum()),
        'potentials': float(np.abs(out - decoded).max()),
    }


backend = backends.load(sys.argv[1], None)(NoTurn())
print(json.dumps([difference(backend, net) for net in json.load(sys.stdin)]))
