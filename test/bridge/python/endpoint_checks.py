"""Where a worker listens and to whom: TCP with a token, CURVE with a list of clients, limits of memory, and what is
refused before anything listens. Prints each check's outcome as JSON: 'ok', or where it failed.
"""

import os
import signal
import socket
import subprocess
import tempfile

import numpy as np
import zmq
import zmq.auth
from checks import Checks, named, report
from client import Client, Worker, refusal, until
from nets import network

check = Checks()


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def loopback():
    return f'tcp://127.0.0.1:{free_port()}'


class Keys:
    """Certificates of a worker and of two clients, of which the first one is allowed."""

    def __init__(self, folder):
        self.files = os.path.join(folder, 'worker.key_secret')
        zmq.auth.create_certificates(folder, 'worker')
        os.chmod(self.files, 0o600)
        self.server, _ = zmq.auth.load_certificate(self.files)
        self.friend, self.stranger = zmq.curve_keypair(), zmq.curve_keypair()
        # One in three has it, which is no comment there.
        while b'#' not in self.friend[0]:
            self.friend = zmq.curve_keypair()
        self.allowed = os.path.join(folder, 'clients')
        with open(self.allowed, 'wb') as file:
            file.write(b'# who may come\n' + self.friend[0] + b'  # a friend\n\n')

    @property
    def arguments(self):
        return ['--curve-keys', self.files, '--curve-clients', self.allowed]


@check
def tcp_on_the_loopback_takes_the_token():
    with Worker('reference', endpoint=loopback()) as worker:
        with Client(worker, hello=False, token='a guess') as stranger:
            assert refusal(stranger.hello).code == 'E_AUTH'
        with Client(worker) as client:
            assert client.welcome['backend'] == 'reference'
            assert client.ask('ping').type == 'pong'


@check
def tcp_without_a_token_is_refused():
    with Worker('reference', endpoint=loopback(), token='') as worker:
        code, said = worker.ended()
        assert code == 1 and 'SPIQ_WORKER_TOKEN' in said, said


@check
def other_addresses_need_curve():
    for endpoint in (f'tcp://0.0.0.0:{free_port()}', f'tcp://*:{free_port()}', 'inproc://x'):
        with Worker('reference', endpoint=endpoint) as worker:
            code, said = worker.ended()
            assert code == 1 and '--endpoint: expected' in said, said


@check
def curve_lets_in_who_is_on_the_list():
    with tempfile.TemporaryDirectory() as folder:
        keys = Keys(folder)
        with Worker('reference', *keys.arguments, endpoint=loopback()) as worker:
            with Client(worker, hello=False, curve=(keys.server, *keys.stranger)) as stranger:
                assert no_answer(stranger)
            wrong, _ = zmq.curve_keypair()
            with Client(worker, hello=False, curve=(wrong, *keys.friend)) as misled:
                assert no_answer(misled)
            with Client(worker, hello=False) as plain:
                assert no_answer(plain)
            with Client(worker, curve=(keys.server, *keys.friend)) as friend:
                assert friend.ask('ping').type == 'pong'


def no_answer(client):
    try:
        client.hello(deadline=500)
    except TimeoutError:
        return True
    return False


@check
def a_worker_with_curve_outlives_its_parent_and_serves_the_next_client():
    with tempfile.TemporaryDirectory() as folder:
        keys = Keys(folder)
        curve = (keys.server, *keys.friend)
        endpoint = loopback()
        with Worker(
            'reference', *keys.arguments, endpoint=endpoint, stdin=subprocess.DEVNULL
        ) as worker:
            message = network(np.random.default_rng(0), name='n')
            with Client(worker, curve=curve) as first:
                first.ask(message.type, message.body, message.tensors)
                with Client(worker, curve=curve) as second:
                    assert refusal(lambda: first.ask('ping')).code == 'E_PROTOCOL'
                    # What the first one had built is gone.
                    second.ask(message.type, message.body, message.tensors)


@check
def a_worker_with_curve_ends_by_ctrl_c():
    with tempfile.TemporaryDirectory() as folder:
        keys = Keys(folder)
        with (
            Worker('reference', *keys.arguments, endpoint=loopback()) as worker,
            Client(worker, curve=(keys.server, *keys.friend)) as friend,
        ):
            friend.ask('ping')
            worker.process.send_signal(signal.SIGINT)
            code, said = worker.ended()
            assert code == 130 and said == '', said


@check
def secret_keys_that_others_may_read_are_refused():
    with tempfile.TemporaryDirectory() as folder:
        keys = Keys(folder)
        os.chmod(keys.files, 0o644)
        with Worker('reference', *keys.arguments, endpoint=loopback()) as worker:
            code, said = worker.ended()
            assert code == 1 and 'owner alone' in said, said
        os.chmod(keys.files, 0o600)
        os.truncate(keys.allowed, 0)
        with Worker('reference', *keys.arguments, endpoint=loopback()) as worker:
            code, said = worker.ended()
            assert code == 1 and 'received none' in said, said


@check
def a_second_client_is_refused_without_curve():
    with Worker('reference') as worker, Client(worker) as client:
        with Client(worker, hello=False) as second:
            assert refusal(second.hello).code == 'E_PROTOCOL'
        assert client.ask('ping').type == 'pong'


@check
def a_network_beyond_the_limit_of_memory_is_refused():
    with Worker('reference', '--memory', str(2**31)) as worker, Client(worker) as client:
        message = network(np.random.default_rng(0), sizes=(4, 1500, 1500, 2), copies=20, name='n')
        error = refusal(lambda: client.ask(message.type, message.body, message.tensors))
        assert error.code == 'E_MEMORY', error
        message = network(np.random.default_rng(0), name='n')
        client.ask(message.type, message.body, message.tensors)


@check
def frames_that_are_no_messages_are_answered_with_errors():
    with Worker('reference') as worker, Client(worker) as client:
        for frames, code in (
            ([b''], 'E_PROTOCOL'),
            ([b'\xff\xfe'], 'E_PROTOCOL'),
            ([b'[' * 5000], 'E_PROTOCOL'),
            ([b'{"p":"spiq","v":2,"id":5,"type":"ping"}'], 'E_VERSION'),
            ([b'{"p":"spiq","v":1,"id":5,"type":"sim.run","tensors":[{}]}', b''], 'E_PROTOCOL'),
            ([b'{"p":"spiq","v":1,"id":5,"type":"sim.run"}', b'more'], 'E_PROTOCOL'),
            ([b' ' * 65537], 'E_TOO_LARGE'),
        ):
            client.socket.send_multipart(frames)
            reply = client.receive()
            assert (reply.type, reply.body['code']) == ('error', code), reply
        assert client.ask('ping').type == 'pong'


@check
def an_end_of_the_input_ends_it_in_the_middle_of_a_run():
    with Worker('reference') as worker, Client(worker) as client:
        message = network(np.random.default_rng(0), sizes=(4, 300, 300, 2), steps=50_000, name='n')
        client.ask(message.type, message.body, message.tensors)
        client.send('sim.run', {'net': 'n'}, {'x': np.ones((1, 4))})
        worker.process.stdin.close()
        assert until(lambda: worker.process.poll() is not None)


report(named(*check.all))
