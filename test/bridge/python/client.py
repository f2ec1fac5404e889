"""A worker process and a client of it, for the tests: what Node.js does, in Python."""

import os
import subprocess
import sys
import tempfile
import time

import zmq
from spiq_worker import wire
from spiq_worker.wire import Message

DEADLINE = 60_000  # ms; for a machine that is busy


class Refused(Exception):
    def __init__(self, body):
        super().__init__(f'{body["code"]}: {body["message"]}')
        self.code = body['code']
        self.body = body


class Worker:
    def __init__(self, backend, *more, endpoint=None, token='a token', stdin=subprocess.PIPE):
        self.folder = tempfile.TemporaryDirectory(prefix='spiq-test-')
        self.endpoint = endpoint or f'ipc://{self.folder.name}/s'
        self.token = token
        # A file: a pipe that nobody reads would stop it when it is full.
        self.said = open(os.path.join(self.folder.name, 'said'), 'w+b')  # noqa: SIM115
        self.process = subprocess.Popen(
            [
                *(sys.executable, '-X', 'faulthandler', '-m', 'spiq_worker'),
                *('--endpoint', self.endpoint, '--backend', backend, *more),
            ],
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=self.said,
            env={**os.environ, 'SPIQ_WORKER_TOKEN': token},
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.said.close()
        self.folder.cleanup()

    def ended(self):
        """Its exit code and what it said."""
        code = self.process.wait(DEADLINE / 1000)
        self.said.seek(0)
        return code, self.said.read().decode()


class Client:
    def __init__(self, worker, hello=True, curve=None, token=None):
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.linger = 0
        if curve is not None:
            self.socket.curve_serverkey, self.socket.curve_publickey = curve[0], curve[1]
            self.socket.curve_secretkey = curve[2]
        self.socket.connect(worker.endpoint)
        self.last = 0
        self.token = worker.token if token is None else token
        if hello:
            self.welcome = self.hello()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
        self.context.term()

    def hello(self, deadline=DEADLINE):
        body = {'protocol': [1, 1], 'client': 'test', 'token': self.token}
        return self.ask('hello', body, deadline=deadline).body

    def send(self, kind, body=None, tensors=None):
        self.last += 1
        message = Message(kind, body or {}, tensors or {}, self.last)
        self.socket.send_multipart(wire.encode(message))
        return self.last

    def receive(self, deadline=DEADLINE):
        if not self.socket.poll(deadline):
            raise TimeoutError(f'no answer within {deadline} ms')
        frames = self.socket.recv_multipart()
        return wire.decode(wire.header_of(frames), frames)

    def ask(self, kind, body=None, tensors=None, deadline=DEADLINE):
        number = self.send(kind, body, tensors)
        while True:
            reply = self.receive(deadline)
            assert reply.id == number, f'expected the answer to {number}, received {reply}'
            if reply.type == 'progress':
                continue
            if reply.type == 'error':
                raise Refused(reply.body)
            return reply


def refusal(work):
    try:
        work()
    except Refused as error:
        return error
    raise AssertionError('expected a refusal, received an answer')


def until(holds, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False
