"""Where the worker listens, and to whom: files of its own, the loopback with a token, or anywhere with CURVE."""

import os
import stat
import sys
from dataclasses import dataclass

import zmq
from zmq.auth import load_certificate
from zmq.auth.thread import ThreadAuthenticator

from . import wire

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
        # A key may hold a '#' itself: a comment is one with a space behind it.
        allowed = frozenset(line[0] for line in words if line and line[0] != b'#')
        for key in (public, secret, *allowed):
            if len(key) != 40:
                raise SystemExit(f'{keys}, {clients}: expected keys of 40 characters (Z85)')
        if not allowed:
            raise SystemExit(f'{clients}: expected the public keys of clients, received none')
        return Curve(public, secret, allowed)

    def callback(self, _domain: str, key: bytes) -> bool:
        return key in self.clients


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


class Door:
    """The bound socket, and the thread that checks keys where there are any."""

    def __init__(self, endpoint: str, curve: Curve | None):
        self._context = zmq.Context()
        self._guard: ThreadAuthenticator | None = None
        self.socket = self._context.socket(zmq.ROUTER)
        self.socket.linger = 1000  # ms, for the last answer
        self.socket.maxmsgsize = wire.MOST_MESSAGE_BYTES
        if curve is not None:
            self._guard = ThreadAuthenticator(self._context)
            self._guard.start()
            self._guard.configure_curve_callback('*', curve)
            self.socket.zap_domain = b'*'
            self.socket.curve_publickey = curve.public
            self.socket.curve_secretkey = curve.secret
            self.socket.curve_server = True
        if endpoint.startswith('tcp://['):
            self.socket.ipv6 = True
        self.socket.bind(endpoint)

    def close(self) -> None:
        self.socket.close()
        if self._guard is not None:
            self._guard.stop()
        self._context.term()
