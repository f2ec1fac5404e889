"""Where the worker listens, and to whom: files of its own, the loopback with a token, or anywhere with CURVE."""

import os
import stat
import sys
import threading
from dataclasses import dataclass

import zmq
from zmq.auth import load_certificate
from zmq.utils import z85

from . import wire

KEY_LENGTH = 40
LOOPBACK = ('127.0.0.1', '[::1]')


@dataclass
class Curve:
    public: bytes
    secret: bytes
    clients: frozenset[bytes]

    @staticmethod
    def read(keys: str, clients: str) -> 'Curve':
        """`keys`: a certificate of ZeroMQ with its secret key; `clients`: public keys, one in a line."""
        if sys.platform != 'win32' and os.stat(keys).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SystemExit(f'{keys}: expected a file that its owner alone may read')
        public, secret = load_certificate(keys)
        if secret is None:
            raise SystemExit(f"{keys}: expected a 'secret-key', received none")
        with open(clients, 'rb') as file:
            words = [line.split() for line in file]
        # Keys may have a # in them, and begin with one.
        allowed = frozenset(
            first
            for first, *_ in filter(None, words)
            if len(first) == KEY_LENGTH or not first.startswith(b'#')
        )
        for key in (public, secret, *allowed):
            if len(key) != KEY_LENGTH:
                raise SystemExit(
                    f'{keys}, {clients}: expected keys of {KEY_LENGTH} characters (Z85)'
                )
        if not allowed:
            raise SystemExit(f'{clients}: expected the public keys of clients, received none')
        return Curve(public, secret, allowed)


def check(endpoint: str, token: str, curve: Curve | None) -> None:
    """Ends the process where strangers could reach it."""
    if endpoint.startswith('ipc://'):
        return
    host = endpoint.removeprefix('tcp://').rpartition(':')[0]
    if not endpoint.startswith('tcp://') or host == '':
        raise SystemExit(
            f"--endpoint: expected ipc://PATH or tcp://HOST:PORT, received '{endpoint}'"
        )
    if token == '':
        raise SystemExit('SPIQ_WORKER_TOKEN: expected a token for clients over TCP, received none')
    if curve is None and host not in LOOPBACK:
        raise SystemExit(
            f"--endpoint: expected a loopback address, or --curve-keys, received '{endpoint}'"
        )


class Guard(threading.Thread):
    """Says of each client, by ZeroMQ's authentication protocol (RFC 27), whether it may come in."""

    def __init__(self, context: zmq.Context, clients: frozenset[bytes]):
        super().__init__(daemon=True)
        self._clients = clients
        self._socket = context.socket(zmq.REP)
        self._socket.bind('inproc://zeromq.zap.01')

    def run(self) -> None:
        try:
            while True:
                version, request, _, _, _, mechanism, *keys = self._socket.recv_multipart()
                known = mechanism == b'CURVE' and z85.encode(keys[0]) in self._clients
                verdict = [b'200', b'OK'] if known else [b'400', b'key of no client']
                self._socket.send_multipart([version, request, *verdict, b'', b''])
        except zmq.ContextTerminated:
            self._socket.close(0)


class Door:
    """The bound socket, and the thread that checks keys where there are any."""

    def __init__(self, endpoint: str, curve: Curve | None):
        self._context = zmq.Context()
        self.socket = self._context.socket(zmq.ROUTER)
        self.socket.linger = 1000  # ms, for the last answer
        self.socket.maxmsgsize = wire.MOST_MESSAGE_BYTES
        if curve is not None:
            Guard(self._context, curve.clients).start()
            # Without a domain libzmq asks nobody.
            self.socket.zap_domain = b'spiq'
            self.socket.curve_publickey = curve.public
            self.socket.curve_secretkey = curve.secret
            self.socket.curve_server = True
        if endpoint.startswith('tcp://['):
            self.socket.ipv6 = True
        self.socket.bind(endpoint)

    def close(self) -> None:
        self.socket.close()
        self._context.term()
