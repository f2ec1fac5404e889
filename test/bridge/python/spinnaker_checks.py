"""sPyNNaker without a board: what becomes of a network on the way to the chips, and what is refused. Prints each check's
outcome as JSON: 'ok', or where it failed.
"""

import os
import sys
from functools import partial

import numpy as np
from checks import Checks, named, report
from client import Client, Worker, refusal, until
from nets import network, observations

check = Checks()


def build(client, **options):
    message = network(np.random.default_rng(3), **{'reset': 'zero', **options})
    return client.ask(message.type, message.body, message.tensors, deadline=120_000), message


def sparse_matrix(tensors, number, shape):
    matrix = np.zeros(shape)
    parts = [tensors[f'w{number}.{part}'] for part in ('post', 'pre', 'value')]
    matrix[parts[0], parts[1]] = parts[2]
    return matrix


@check
def weights_come_back_as_the_chip_has_them(client):
    """16 bits without sign and with a shift for each receptor of a layer: the nearest of those, of the same sign."""
    for number, sparse in enumerate((False, True)):
        built, message = build(client, name=f'n{number}', sparse=sparse, copies=1 + number)
        effective = built.body['effective']
        assert built.body['lag'] == [0, 1, 2] and effective['tauM'] == 4096
        for layer, shape in ((1, (7, 9)), (2, (3, 7))):
            if sparse:
                wanted = sparse_matrix(message.tensors, layer, shape)
                found = sparse_matrix(built.tensors, layer, shape)
            else:
                wanted, found = message.tensors[f'w{layer}'], built.tensors[f'w{layer}']
            excites, inhibits = effective['weightQuantum'][layer - 1]
            quantum = np.where(wanted > 0, excites, inhibits)
            assert (found * wanted >= 0).all()
            assert np.abs(found - wanted).max() > 0
            assert (np.abs(found - wanted) <= quantum / 2).all()
            assert (found / quantum == np.round(found / quantum)).all()
            assert (np.abs(found / quantum) < 2**16).all()


@check
def no_spike_is_made_up(client):
    build(client, name='n')
    x = {'x': observations(np.random.default_rng(2), 1, 4)}
    for kind in ('sim.run', 'sim.evaluate', 'sim.raster'):
        assert refusal(lambda kind=kind: client.ask(kind, {'net': 'n'}, x)).code == 'E_UNSUPPORTED'
    assert client.welcome['caps']['predicted'] and not client.welcome['caps']['exact']


@check
def what_the_chip_cannot_do_is_refused(client):
    for options, code in (
        ({'reset': 'subtraction'}, 'E_UNSUPPORTED'),
        ({'semantics': 'dsqn'}, 'E_UNSUPPORTED'),
        ({'theta': 70_000}, 'E_UNSUPPORTED'),
        ({'options': {'tauM': 0}}, 'E_RANGE'),
        ({'options': {'tauM': 32769}}, 'E_RANGE'),
        ({'options': {'boardVersion': 4}}, 'E_RANGE'),
        ({'options': {'machine': 'spinn-1'}}, 'E_ARGUMENT'),
    ):
        error = refusal(lambda options=options: build(client, **options))
        assert error.code == code, error
    message = network(np.random.default_rng(3), reset='zero')
    message.tensors['b1'] = np.full(7, 20.0)
    error = refusal(lambda: client.ask(message.type, message.body, message.tensors))
    assert error.code == 'E_UNSUPPORTED' and 'biases of layer 1' in str(error), error


@check
def the_time_constant_may_be_any_whole_number(client):
    built, _ = build(client, name='n', options={'tauM': 100})
    assert built.body['effective']['tauM'] == 100


@check
def negative_biases_that_would_fire_early_are_told(client):
    message = network(np.random.default_rng(3), reset='zero')
    message.tensors['b2'] = np.array([-0.7, 0.1, -0.2])
    message.body['readout'] = 'spikes'
    message.body['layers'][2]['fires'] = True
    built = client.ask(message.type, message.body, message.tensors, deadline=120_000)
    assert built.body['effective']['clipped'] == 1
    assert np.allclose(built.tensors['start2'], [1 - 1e-5 - 2**-15, -0.2, 0.4])


def boards_are_asked_for_by_an_address_elsewhere():
    with Worker('spinnaker') as worker, Client(worker) as client:
        assert not client.welcome['caps']['predicted']
        for machine in (None, '', '127.0.0.1', '127.8.8.8', '::1', 'localhost', 'a b', 'a\nb'):
            options = {} if machine is None else {'machine': machine}
            error = refusal(lambda options=options: build(client, options=options))
            assert error.code == 'E_ARGUMENT', error


def its_folder_goes_with_it():
    with Worker('spinnaker-virtual') as worker, Client(worker):
        folder = os.readlink(f'/proc/{worker.process.pid}/cwd')
        assert os.path.basename(folder).startswith('spiq-scratch-')
        assert os.path.exists(folder)
        worker.process.kill()
        assert until(lambda: not os.path.exists(folder))


def client_changed(client):
    """Forgets what the check before has built."""
    for name in ('n', 'n0', 'n1'):
        client.send('sim.destroy', {'net': name})
        client.receive()


def with_client(work, client):
    client_changed(client)
    work(client)


alone = [boards_are_asked_for_by_an_address_elsewhere]
if sys.platform == 'linux':
    alone.append(its_folder_goes_with_it)
with Worker('spinnaker-virtual') as worker, Client(worker) as client:
    shared = {work.__name__: partial(with_client, work, client) for work in check.all}
    report({**shared, **named(*alone)})
