"""One client: each message is answered before the next one is begun."""

import hmac
import importlib.metadata
import os
import platform
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from . import wire
from .failures import error_message
from .inbox import LINE, Inbox, Letter
from .wire import Message, WireError, mismatch

Handler = Callable[[Message], Message]

# Seconds between two looks at the inbox while a request is worked on.
LOOK_EVERY = 0.02
# Requests that came meanwhile; what comes after them stays where it is.
MOST_DEFERRED = 256


class Turn(Protocol):
    """What a request that takes long has of the client who waits for it."""

    def pause(self) -> None:
        """Answers what may be answered meanwhile; raises E_CANCELLED once the client has given up."""

    def progress(self, done: int, total: int) -> None: ...


class Backend(Protocol):
    name: str
    packages: tuple[str, ...]
    handlers: dict[str, Handler]
    # What it adds to `welcome`.
    abilities: dict[str, Any]

    def client_changed(self) -> None:
        """Lets go of what the client before held."""


class Server:
    """`shared`: a client may follow the one before, as with a worker that nobody spawned for one alone."""

    def __init__(
        self,
        inbox: Inbox,
        token: str,
        make_backend: Callable[[Turn], Backend],
        shared: bool = False,
    ):
        self._inbox = inbox
        self._token = token
        self._shared = shared
        self._client: bytes | None = None
        self._deferred: deque[Letter] = deque()
        self._current = 0
        self._current_sender = b''
        self._next_look = 0.0
        self._to_cancel = 0
        self._backend = make_backend(self)
        self._handlers: dict[str, Handler] = {
            'ping': lambda _: Message('pong', {'busy': False}),
            'cancel': self._cancel,
            'shutdown': lambda _: Message('ok'),
            **self._backend.handlers,
        }

    def run(self) -> None:
        while True:
            sender, frames = self._deferred.popleft() if self._deferred else self._inbox.next()
            if self._take(sender, frames):
                return

    def pause(self) -> None:
        if time.monotonic() < self._next_look:
            return
        cancelled = False
        while len(self._deferred) < MOST_DEFERRED:
            letter = self._inbox.look()
            if letter is None:
                break
            if not self._answer_meanwhile(*letter):
                self._deferred.append(letter)
            elif self._to_cancel == self._current:
                cancelled = True
        self._next_look = time.monotonic() + LOOK_EVERY
        if cancelled:
            raise _cancelled()

    def progress(self, done: int, total: int) -> None:
        message = Message('progress', {'done': done, 'total': total}, id=self._current)
        self._send(self._current_sender, message)

    def _send(self, receiver: bytes, message: Message) -> None:
        self._inbox.send(receiver, wire.encode(message))

    def _is_client(self, sender: bytes) -> bool:
        """The other end of the line has nobody but the client, which says hello all the same."""
        return self._client is not None and sender in (self._client, LINE)

    def _take(self, sender: bytes, frames: list[bytes]) -> bool:
        """Answers a message; says whether it was the last one."""
        number = 0
        kind = ''
        try:
            header = wire.header_of(frames)
            number = _id_of(header)
            message = wire.decode(header, frames)
            kind = message.type
            self._current, self._current_sender = number, sender
            self._next_look = time.monotonic() + LOOK_EVERY
            reply = self._answer(sender, message)
            reply.id = number
            answer = wire.encode(reply)
        except Exception as error:
            reply = error_message(error)
            reply.id = number
            answer = wire.encode(reply)
        self._inbox.send(sender, answer)
        return reply.type == 'ok' and kind == 'shutdown'

    def _answer_meanwhile(self, sender: bytes, frames: list[bytes]) -> bool:
        """Only these two are answered out of turn, and only to the client; whatever else it is waits."""
        self._to_cancel = 0
        try:
            header = wire.header_of(frames)
            message = wire.decode(header, frames)
        except WireError:
            return False
        if not self._is_client(sender) or message.type not in ('ping', 'cancel'):
            return False
        if message.type == 'ping':
            reply = Message('pong', {'busy': True})
        else:
            target = message.body.get('target')
            if not wire.is_whole(target, 1):
                return False
            self._to_cancel = target
            self._withdraw(target)
            reply = Message('cancelled', {'target': target})
        reply.id = message.id
        self._send(sender, reply)
        return True

    def _withdraw(self, target: int) -> None:
        """Cancels what has not been begun."""
        for entry in list(self._deferred):
            sender, frames = entry
            try:
                found = self._is_client(sender) and _id_of(wire.header_of(frames)) == target
            except WireError:
                continue
            if found:
                self._deferred.remove(entry)
                reply = error_message(_cancelled())
                reply.id = target
                self._send(sender, reply)

    def _answer(self, sender: bytes, message: Message) -> Message:
        if message.type == 'hello':
            return self._hello(sender, message.body)
        if not self._is_client(sender):
            raise mismatch('E_PROTOCOL', 'first message', 'hello with the token', message.type)
        handler = self._handlers.get(message.type)
        if handler is None:
            known = ' | '.join(['hello', *self._handlers])
            raise mismatch('E_PROTOCOL', 'type of a message', known, message.type)
        return handler(message)

    def _hello(self, sender: bytes, body: dict[str, Any]) -> Message:
        token = body.get('token')
        if not isinstance(token, str) or not _same(token, self._token):
            raise WireError(
                'E_AUTH', 'token of hello: expected the one of this worker, received another'
            )
        follows = self._client is not None and not self._is_client(sender)
        if follows and not self._shared:
            raise WireError(
                'E_PROTOCOL', 'hello: expected the one client of this worker, received another'
            )
        versions = body.get('protocol')
        fits = isinstance(versions, list) and len(versions) == 2
        if not fits or not all(wire.is_whole(version, 1) for version in versions):
            raise mismatch('E_PROTOCOL', "hello 'protocol'", 'a first and a last version', versions)
        if not versions[0] <= wire.PROTOCOL <= versions[1]:
            raise mismatch('E_VERSION', 'protocol', f'version {wire.PROTOCOL}', versions)
        if follows:
            self._backend.client_changed()
        if not self._is_client(sender):
            self._client = sender
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
                'line': self._inbox.has_line,
                **self._backend.abilities,
            },
        )

    def _cancel(self, message: Message) -> Message:
        """Read in its turn: by then its target has been answered."""
        target = message.body.get('target')
        if not wire.is_whole(target, 1):
            raise mismatch('E_PROTOCOL', "cancel 'target'", 'the id of a request', target)
        return Message('cancelled', {'target': target})


def _cancelled() -> WireError:
    return WireError('E_CANCELLED', 'the call was cancelled')


def _same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())


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
