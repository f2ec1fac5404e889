"""Simulators against numpy, message for message, in this process. `engine_checks.py` reads
{"backend": name, "cases": [options of nets.network]} and prints what differs in each case as JSON.
"""

import json
import sys

import numpy as np
from nets import network, observations
from spiq_worker import backends
from spiq_worker.wire import Message

ROWS = 7


class NoTurn:
    """Nobody waits for a request made in the process itself."""

    def pause(self):
        pass

    def progress(self, done, total):
        pass


def differences(case, theirs, ours):
    """Of the same network and rows: counts and spikes that differ, and the largest deviation of a potential."""
    options = dict(case)
    rng = np.random.default_rng(options.pop('seed'))
    message = network(rng, **options)
    sizes = tuple(options.get('sizes', (4, 9, 7, 3)))
    x = observations(rng, ROWS, sizes[0], options.get('weights', 'real'))
    readout, semantics = message.body['readout'], message.body['semantics']
    # What a neuron forgets as it fires nobody can read afterwards.
    forgets = semantics == 'dsqn' and message.body['reset'] == 'zero'
    answers = []
    for backend in (theirs, ours):
        backend.client_changed()
        backend.build(message)
        bulk = ['counts'] if forgets and readout == 'spikes' else ['potentials', 'counts']
        trace = ['counts'] if forgets else ['potentials', 'counts']
        evaluated = backend.evaluate(
            Message('sim.evaluate', {'net': 'n', 'want': bulk}, {'x': x})
        ).tensors
        one = backend.run(Message('sim.run', {'net': 'n', 'want': bulk}, {'x': x[:1]})).tensors
        assert all(np.array_equal(one[name][0], evaluated[name][0]) for name in bulk)
        raster = backend.raster(
            Message('sim.raster', {'net': 'n', 'want': trace}, {'x': x[:1]})
        ).tensors
        answers.append((evaluated, raster))
    (wanted, wanted_raster), (found, found_raster) = answers
    assert set(wanted_raster) == set(found_raster)
    spikes = [name for name in wanted_raster if name.startswith('spikes')]
    potentials = [(wanted[name], found[name]) for name in wanted if name == 'potentials']
    potentials += [
        (wanted_raster[name], found_raster[name]) for name in wanted_raster if name not in spikes
    ]
    return {
        'spikes': int(wanted['counts'].sum()),
        'counts': int((wanted['counts'] != found['counts']).sum()),
        'rasters': sum(
            not np.array_equal(wanted_raster[name], found_raster[name]) for name in spikes
        ),
        'potentials': max((float(np.abs(a - b).max()) for a, b in potentials), default=0.0),
    }


def main():
    request = json.load(sys.stdin)
    theirs, ours = (
        backends.load(name, None)(NoTurn()) for name in ('reference', request['backend'])
    )
    print(json.dumps([differences(case, theirs, ours) for case in request['cases']]))


if __name__ == '__main__':
    main()
