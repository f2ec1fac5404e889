"""One ROUTER, one client: each message is answered before the next one is read."""

import importlib.metadata
import os
import platform
import traceback
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import zmq

from . import wire
from .wire import Message, WireError, mismatch

Handler = Callable[[Message], Message]


class Backend(Protocol):
    name: str
    packages: tuple[str, ...]
    handlers: dict[str, Handler]


class Server:
    def __init__(self, socket: zmq.Socket, token: str, backend: Backend):
        self._socket = socket
        self._token = token
        self._backend = backend
        self._client: bytes | None = None
        self._handlers: dict[str, Handler] = {
            'ping': lambda _: Message('pong', {'busy': False}),
            'cancel': self._cancel,
            'shutdown': lambda _: Message('ok'),
            **backend.handlers,
        }

    def run(self) -> None:
        while True:
            identity, *frames = self._socket.recv_multipart()
            number = 0
            try:
                header = wire.header_of(frames)
                number = _id_of(header)
                message = wire.decode(header, frames)
                reply = self._answer(identity, message)
                reply.id = number
                answer = wire.encode(reply)
            except Exception as error:
                reply = _error(error)
                reply.id = number
                answer = wire.encode(reply)
            self._socket.send_multipart([identity, *answer])
            if reply.type == 'ok' and message.type == 'shutdown':
                return

    def _answer(self, identity: bytes, message: Message) -> Message:
        if message.type == 'hello':
            return self._hello(identity, message.body)
        if identity != self._client:
            raise mismatch('E_PROTOCOL', 'first message', 'hello with the token', message.type)
        handler = self._handlers.get(message.type)
        if handler is None:
            known = ' | '.join(['hello', *self._handlers])
            raise mismatch('E_PROTOCOL', 'type of a message', known, message.type)
        return handler(message)

    def _hello(self, identity: bytes, body: dict[str, Any]) -> Message:
        if body.get('token') != self._token:
            raise WireError(
                'E_PROTOCOL', 'token of hello: expected the one of this worker, received another'
            )
        if self._client not in (None, identity):
            raise WireError(
                'E_PROTOCOL', 'hello: expected the one client of this worker, received another'
            )
        versions = body.get('protocol')
        fits = isinstance(versions, list) and len(versions) == 2
        if not fits or not all(wire.is_whole(version, 1) for version in versions):
            raise mismatch('E_PROTOCOL', "hello 'protocol'", 'a first and a last version', versions)
        if not versions[0] <= wire.PROTOCOL <= versions[1]:
            raise mismatch('E_VERSION', 'protocol', f'version {wire.PROTOCOL}', versions)
        self._client = identity
        limits = {'header': wire.MOST_HEADER_BYTES, 'message': wire.MOST_MESSAGE_BYTES}
        return Message(
            'welcome',
            {
                'protocol': wire.PROTOCOL,
                'worker': 'spiq_worker',
                'pid': os.getpid(),
                'python': platform.python_version(),
                'numpy': np.__version__,
                'backend': self._backend.name,
                'versions': _versions(self._backend.packages),
                'limits': limits,
            },
        )

    def _cancel(self, message: Message) -> Message:
        """By the time it is read its target has been answered: messages are taken one after the other."""
        target = message.body.get('target')
        if not wire.is_whole(target, 1):
            raise mismatch('E_PROTOCOL', "cancel 'target'", 'the id of a request', target)
        return Message('cancelled', {'target': target})


def serve(endpoint: str, token: str, backend: Backend) -> int:
    context = zmq.Context()
    socket = context.socket(zmq.ROUTER)
    socket.linger = 1000  # ms, for the last answer
    socket.maxmsgsize = wire.MOST_MESSAGE_BYTES
    socket.bind(endpoint)
    Server(socket, token, backend).run()
    socket.close()
    context.term()
    return 0


def _id_of(header: dict[str, Any]) -> int:
    """So that the answer to a message that is otherwise wrong finds its request."""
    number = header.get('id')
    return number if wire.is_whole(number, 0) else 0


def _versions(packages: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for package in packages:
        try:
            found[package.replace('-', '_')] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


_CLASSES = {'E_IMPORT': 'WorkerImportError', 'E_MEMORY': 'MemoryError', 'E_BACKEND': 'BackendError'}


def _error(error: Exception) -> Message:
    if isinstance(error, WireError):
        code, text = error.code, str(error)
    elif isinstance(error, ImportError) or isinstance(error.__cause__, ImportError):
        # Libraries say in errors of their own which module they lack, and behind them stands Python's.
        code, text = 'E_IMPORT', f'{type(error).__name__}: {error}'
    elif isinstance(error, MemoryError):
        code, text = 'E_MEMORY', f'the worker has too little memory: {error}'
    else:
        code, text = 'E_BACKEND', f'{type(error).__name__}: {error}'
    body = {
        'code': code,
        'class': _CLASSES.get(code, 'RequestError'),
        'message': text[:2000],
        'retryable': isinstance(error, WireError) and error.retryable,
        'pythonType': type(error).__name__,
        'traceback': ''.join(traceback.format_exception(error))[-8000:],
        # A request that was refused changed nothing; one that broke off may have.
        'netState': 'ok' if isinstance(error, WireError) and not error.broken else 'broken',
    }
    return Message('error', body)
