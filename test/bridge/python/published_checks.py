"""The published agents' own ways to NEST and PyNN. `published_checks.py FOLDER` compares them with the recordings in the
folder and prints each check's outcome as JSON: 'ok', or where it failed.
"""

import os
import sys

import numpy as np
from checks import report
from engine_checks import NoTurn
from spiq_worker import backends
from spiq_worker.wire import Message

FOLDER = sys.argv[1]
CONVERTED = ('cartpole_a_dqn__robust_p99', 'stored_cartpole_a_classifier_converted')


def read(name):
    return np.load(os.path.join(FOLDER, f'{name}.npz'))


def evaluated(backend, recorded, steps, options, rows=None):
    """`options`: those of the back end. Without biases, a constant 1 is one of the inputs."""
    x = recorded['obs'][:rows].astype('<f8')
    if 'b0' not in recorded.files:
        x = np.hstack([x, np.ones((len(x), 1))])
    layers, tensors = [], {}
    for number in range(3):
        weights = recorded[f'w{number}'].T.astype('<f8')
        tensors[f'w{number}'] = np.ascontiguousarray(weights)
        tensors[f'b{number}'] = (
            recorded[f'b{number}'].astype('<f8')
            if f'b{number}' in recorded.files
            else np.zeros(len(weights))
        )
        layers.append({'units': len(weights), 'fires': number < 2, 'threshold': 1})
    body = {
        **{'net': 'n', 'inputs': x.shape[1], 'T': steps, 'layers': layers, 'options': options},
        **{'reset': 'zero', 'semantics': 'direct', 'epsilon': 0, 'readout': 'potential'},
        **{'copies': len(x)},
    }
    backend.client_changed()
    built = backend.build(Message('sim.build', body, tensors))
    assert built.body['effective'] == {'protocol': 'original', 'exact': False}
    return backend.evaluate(Message('sim.evaluate', {'net': 'n'}, {'x': x})).tensors


def nest_with_steps_of(substeps, resolution):
    backend = backends.load('nest', None)(NoTurn())
    for name, steps in (*((name, 100) for name in CONVERTED), ('snn_cartpole_e', 20)):
        recorded = read(name)
        options = {'protocol': 'original', 'substeps': substeps}
        found = evaluated(backend, recorded, steps, options)
        wanted = [recorded[f'res{resolution}.spikes{number}'] for number in range(2)]
        assert np.array_equal(np.hstack(wanted), found['counts']), name
        potentials = recorded[f'res{resolution}.V_m_last']
        assert np.abs(potentials - found['potentials']).max() < 1e-9, name


def neurons_that_imitate_subtraction():
    """Their threshold is blurred, which the recording shares with every other one on average alone."""
    backend = backends.load('nest', None)(NoTurn())
    options = {'protocol': 'original', 'model': 'pp_psc_delta'}
    for name in CONVERTED:
        recorded = read(name)
        wanted = recorded['pp_psc_delta_res0.1.V_m_last']
        found = evaluated(backend, recorded, 100, options, rows=len(wanted))['potentials']
        assert np.corrcoef(wanted.ravel(), found.ravel())[0, 1] > 0.99, name


def pynn_has_each_synapse_twice_and_a_thousandfold():
    import nest

    backend = backends.load('pynn-nest', None)(NoTurn())
    recorded = read(CONVERTED[0])
    evaluated(backend, recorded, 10, {'protocol': 'original'}, rows=1)
    found = np.array(nest.GetConnections(synapse_model='static_synapse_lbl').get('weight'))
    wanted = np.concatenate([recorded['w1'].ravel(), recorded['w2'].ravel()]).astype(float)
    twice = np.sort(np.concatenate([wanted, wanted])) * 1000
    assert found.shape == twice.shape
    assert np.allclose(np.sort(found), twice, rtol=1e-12)


report(
    {
        'nest in steps of 0.1 ms': lambda: nest_with_steps_of(True, '0.1'),
        'nest in steps of 1 ms': lambda: nest_with_steps_of(False, '1'),
        'neurons that imitate subtraction': neurons_that_imitate_subtraction,
        'pynn': pynn_has_each_synapse_twice_and_a_thousandfold,
    }
)
