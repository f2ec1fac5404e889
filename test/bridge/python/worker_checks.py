"""What a worker with a simulator does beside simulating. `worker_checks.py BACKEND [CHECK…]` prints each check's outcome
as JSON: 'ok', or where it failed.
"""

import sys
import time
from functools import partial

import numpy as np
from checks import Checks, report
from client import Client, Worker, refusal, until
from nets import network, observations
from spiq_worker.wire import Message

BACKEND, *CHOSEN = sys.argv[1:]
check = Checks()


def build(client, **options):
    message = network(np.random.default_rng(1), **{'reset': 'zero', **options})
    return client.ask(message.type, message.body, message.tensors), message


def rows(count, inputs=4):
    return {'x': observations(np.random.default_rng(2), count, inputs)}


def build_slow(client):
    """Some seconds for a row, whatever the machine."""
    return build(client, sizes=(4, 200, 200, 3), steps=20_000, name='slow')


@check
def tells_what_it_can(client):
    assert client.welcome['backend'] == BACKEND
    assert set(client.welcome['caps']) == {
        *('resets', 'semantics', 'exact', 'predicted', 'batch', 'sparse')
    }
    assert client.welcome['models']
    assert client.welcome['versions']


@check
def tells_of_progress_and_ends_with_the_result(client):
    build(client, copies=4, name='n')
    number = client.send('sim.evaluate', {'net': 'n', 'want': ['counts'], 'chunk': 8}, rows(30))
    told = []
    while (reply := client.receive()).type == 'progress':
        assert reply.id == number
        told.append((reply.body['done'], reply.body['total']))
    assert reply.type == 'sim.result' and reply.tensors['counts'].shape == (30, 16)
    assert told == [(8, 30), (16, 30), (24, 30)], told


@check
def is_cancelled_between_slices_and_goes_on(client):
    _, message = build(client, name='quick')
    before = client.ask('sim.run', {'net': 'quick'}, rows(1)).tensors
    build_slow(client)
    for kind, count in (('sim.run', 1), ('sim.evaluate', 50), ('sim.raster', 1)):
        target = client.send(kind, {'net': 'slow'}, rows(count))
        time.sleep(0.2)
        asked = time.monotonic()
        ping = client.send('ping')
        pong = client.receive()
        assert (pong.type, pong.id, pong.body) == ('pong', ping, {'busy': True}), pong
        cancel = client.send('cancel', {'target': target})
        cancelled = client.receive()
        assert (cancelled.type, cancelled.id) == ('cancelled', cancel), cancelled
        ended = client.receive()
        assert (ended.id, ended.body.get('code')) == (target, 'E_CANCELLED'), ended
        assert ended.body['netState'] == 'ok'
        assert time.monotonic() - asked < 5
    after = client.ask('sim.run', {'net': 'quick'}, rows(1)).tensors
    assert all(np.array_equal(before[name], after[name]) for name in before)
    # The one that was broken off begins at rest as well.
    number = client.send('sim.run', {'net': 'quick'}, rows(1))
    assert client.receive().id == number
    first = client.ask('sim.run', {'net': 'quick'}, {'x': -100 * np.ones((1, 4))}).tensors
    again = client.ask('sim.run', {'net': 'quick'}, rows(1)).tensors
    assert all(np.array_equal(before[name], again[name]) for name in before)
    assert first['potentials'].shape == again['potentials'].shape
    assert message.body['T'] == 30


@check
def a_cancelled_run_leaves_no_trace_in_the_next(client):
    build(client, name='n', steps=10_000, sizes=(4, 90, 90, 3))
    whole = client.ask('sim.raster', {'net': 'n', 'limit': 3000}, rows(1)).tensors
    target = client.send('sim.run', {'net': 'n'}, {'x': 5 * rows(1)['x']})
    time.sleep(0.05)
    client.send('cancel', {'target': target})
    assert client.receive().type == 'cancelled'
    assert client.receive().body['code'] == 'E_CANCELLED'
    again = client.ask('sim.raster', {'net': 'n', 'limit': 3000}, rows(1)).tensors
    assert all(np.array_equal(whole[name], again[name]) for name in whole)


@check
def other_requests_wait_and_may_be_withdrawn(client):
    build_slow(client)
    target = client.send('sim.run', {'net': 'slow'}, rows(1))
    waiting = client.send('sim.destroy', {'net': 'slow'})
    withdrawn = client.send('sim.destroy', {'net': 'slow'})
    time.sleep(0.2)
    client.send('cancel', {'target': withdrawn})
    client.send('cancel', {'target': target})
    replies = [client.receive() for _ in range(5)]
    by_id = {reply.id: reply for reply in replies}
    assert by_id[withdrawn].body['code'] == 'E_CANCELLED'
    assert by_id[target].body['code'] == 'E_CANCELLED'
    assert by_id[waiting].type == 'ok'
    assert replies[-1].id == waiting


@check
def a_late_cancel_is_answered(client):
    assert client.ask('cancel', {'target': 1}).body == {'target': 1}


@check
def names_are_known_until_destroyed(client):
    build(client, name='a')
    error = refusal(lambda: client.ask('sim.run', {'net': 'b'}, rows(1)))
    assert error.code == 'E_STATE' and "'a'" in str(error), error
    error = refusal(lambda: build(client, name='a'))
    assert error.code == 'E_STATE', error
    build(client, name='b')
    client.ask('sim.destroy', {'net': 'a'})
    assert refusal(lambda: client.ask('sim.run', {'net': 'a'}, rows(1))).code == 'E_STATE'
    assert refusal(lambda: client.ask('sim.destroy', {'net': 'a'})).code == 'E_STATE'
    client.ask('sim.run', {'net': 'b'}, rows(1))
    build(client, name='a')


@check
def several_networks_keep_apart(client):
    alone = {}
    for name, sizes in (('a', (4, 9, 3)), ('b', (4, 5, 6, 2))):
        build(client, name=name, sizes=sizes)
        alone[name] = client.ask('sim.run', {'net': name}, rows(1)).tensors
    for name in ('a', 'b', 'a', 'a', 'b'):
        again = client.ask('sim.run', {'net': name}, rows(1)).tensors
        assert all(np.array_equal(alone[name][key], again[key]) for key in again)


@check
def too_much_is_refused_before_it_is_built(client):
    most = client.welcome['caps']['batch']
    error = refusal(lambda: build(client, copies=most + 1))
    assert error.code == 'E_RANGE', error
    wide = Message(
        'sim.build',
        {**network(np.random.default_rng(0), reset='zero').body, 'copies': most},
    )
    wide.body['layers'] = [
        {'units': units, 'fires': fires, 'threshold': 1, 'form': 'sparse'}
        for units, fires in ((2**21, True), (2, False))
    ]
    none = {'pre': '<u4', 'post': '<u4', 'value': '<f8'}
    for number, layer in enumerate(wide.body['layers']):
        wide.tensors[f'b{number}'] = np.zeros(layer['units'])
        for part, dtype in none.items():
            wide.tensors[f'w{number}.{part}'] = np.zeros(0, dtype)
    error = refusal(lambda: client.ask(wide.type, wide.body, wide.tensors))
    assert error.code == 'E_MEMORY', error
    build(client, name='n', copies=2)
    error = refusal(lambda: client.ask('sim.run', {'net': 'n'}, rows(3)))
    assert error.code == 'E_RANGE', error


@check
def what_does_not_fit_is_refused(client):
    def refused(code, change=None, tensors=None):
        message = network(np.random.default_rng(1), reset='zero', name='bad')
        (change or (lambda _: None))(message.body)
        message.tensors |= tensors or {}
        error = refusal(lambda: client.ask(message.type, message.body, message.tensors))
        assert error.code == code and error.body['netState'] == 'ok', error

    refused('E_NOT_FINITE', tensors={'w0': np.full((9, 4), np.nan)})
    refused('E_NOT_FINITE', tensors={'b1': np.full(7, np.inf)})
    refused('E_RANGE', tensors={'b1': np.full(7, 1e300)})
    refused('E_SHAPE', tensors={'w0': np.zeros((4, 9))})
    refused('E_SHAPE', tensors={'b0': np.zeros(8)})
    refused('E_ARGUMENT', tensors={'w0': np.zeros((9, 4), '<f4')})
    refused('E_ARGUMENT', tensors={'w7': np.zeros((9, 4))})
    for change, code in (
        ({'T': 0}, 'E_RANGE'),
        ({'T': None}, 'E_RANGE'),
        ({'T': 10.5}, 'E_RANGE'),
        ({'epsilon': 1}, 'E_RANGE'),
        ({'epsilon': -1e-9}, 'E_RANGE'),
        ({'reset': 'value'}, 'E_ARGUMENT'),
        ({'semantics': 'other'}, 'E_ARGUMENT'),
        ({'readout': 'spikes'}, 'E_ARGUMENT'),
        ({'options': {'speed': 1}}, 'E_ARGUMENT'),
        ({'options': []}, 'E_ARGUMENT'),
        ({'layers': []}, 'E_ARGUMENT'),
        ({'more': 1}, 'E_ARGUMENT'),
    ):
        refused(code, lambda body, change=change: body.update(change))
    for change in ({'threshold': 0}, {'threshold': -1}, {'units': 0}):
        refused('E_RANGE', lambda body, change=change: body['layers'][0].update(change))
    refused('E_ARGUMENT', lambda body: body['layers'][0].update(threshold=None))
    message = network(np.random.default_rng(1), reset='zero', sparse=True, name='bad')
    message.tensors['w1.post'] = message.tensors['w1.post'] + np.uint32(7)
    error = refusal(lambda: client.ask(message.type, message.body, message.tensors))
    assert error.code == 'E_RANGE', error

    build(client, name='n')
    for x, code in (
        (np.zeros((1, 5)), 'E_SHAPE'),
        (np.zeros((0, 4)), 'E_SHAPE'),
        (np.zeros(4), 'E_SHAPE'),
        (np.full((1, 4), np.nan), 'E_NOT_FINITE'),
        (np.full((1, 4), 1e30), 'E_RANGE'),
        (np.zeros((1, 4), '<u4'), 'E_ARGUMENT'),
    ):
        error = refusal(lambda x=x: client.ask('sim.run', {'net': 'n'}, {'x': x}))
        assert error.code == code, error
    for body in ({'net': 'n', 'want': ['v']}, {'net': 'n', 'want': []}, {'net': 'n', 'a': 1}, {}):
        error = refusal(lambda body=body: client.ask('sim.run', body, rows(1)))
        assert error.code == 'E_ARGUMENT', error
    client.ask('sim.run', {'net': 'n'}, rows(1))


@check
def the_token_is_asked_for(client):
    with Worker(BACKEND, token='the right one') as worker:
        with Client(worker, hello=False, token='a guess') as stranger:
            assert refusal(stranger.hello).code == 'E_AUTH'
            assert refusal(lambda: stranger.ask('ping')).code == 'E_PROTOCOL'
        with Client(worker) as friend:
            assert friend.ask('ping').body == {'busy': False}
            friend.ask('shutdown')
            assert worker.ended()[0] == 0


@check
def it_ends_with_its_parent(client):
    with Worker(BACKEND) as worker, Client(worker):
        worker.process.stdin.close()
        assert until(lambda: worker.process.poll() is not None)


def with_worker(work):
    with Worker(BACKEND) as worker, Client(worker) as client:
        work(client)


report(
    {
        work.__name__: partial(with_worker, work)
        for work in check.all
        if not CHOSEN or work.__name__ in CHOSEN
    }
)
