"""The line: a socket pair between the worker and the process that started it, for small messages. ZeroMQ hands each message
to a thread of its own on either side, which have to wake up; on the line the two processes wake each other
(docs/decisions/006-worker-wire.md). ts/wire/line.ts is the other side.
"""

import os
import select
import socket
import struct

from . import wire

PIECE = 64 * 1024  # bytes
MOST_FRAMES = wire.MOST_TENSORS + 1
COUNT = struct.Struct('<I')


def pack(frames: list[bytes]) -> bytes:
    """The number of the frames, their lengths, and the frames; numbers as u32, little-endian."""
    head = struct.pack(f'<{len(frames) + 1}I', len(frames), *map(len, frames))
    return b''.join([head, *frames])


class Unpacker:
    """Cuts what comes along the line into messages again."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def add(self, piece: bytes) -> None:
        self._bytes += piece

    def take(self) -> list[bytes] | None:
        """The next message, or None as long as some of it is missing."""
        came = len(self._bytes)
        if came < COUNT.size:
            return None
        (count,) = COUNT.unpack_from(self._bytes)
        if not 1 <= count <= MOST_FRAMES:
            raise wire.mismatch('E_PROTOCOL', 'frames on the line', f'1 to {MOST_FRAMES}', count)
        at = COUNT.size * (1 + count)
        if came < at:
            return None
        lengths = struct.unpack_from(f'<{count}I', self._bytes, COUNT.size)
        end = at + sum(lengths)
        if end - at > wire.MOST_MESSAGE_BYTES:
            expected = f'{wire.MOST_MESSAGE_BYTES} bytes at most'
            raise wire.mismatch('E_TOO_LARGE', 'message on the line', expected, end - at)
        if came < end:
            return None
        frames = []
        for length in lengths:
            frames.append(bytes(self._bytes[at : at + length]))
            at += length
        del self._bytes[:end]
        return frames


class Line:
    def __init__(self, descriptor: int):
        # Environments start processes of their own at times.
        os.set_inheritable(descriptor, False)
        self._socket = socket.socket(fileno=descriptor)
        self._socket.setblocking(False)
        self._unpacker = Unpacker()
        self.open = True

    def fileno(self) -> int:
        return self._socket.fileno()

    def look(self) -> list[bytes] | None:
        """The next message, if all of it is there."""
        while (frames := self._unpacker.take()) is None and self.open:
            try:
                piece = self._socket.recv(PIECE)
            except BlockingIOError:
                return None
            except ConnectionResetError:
                piece = b''
            self.open = piece != b''
            self._unpacker.add(piece)
        return frames

    def send(self, frames: list[bytes]) -> None:
        rest = memoryview(pack(frames))
        while rest:
            try:
                rest = rest[self._socket.send(rest) :]
            except BlockingIOError:
                room = select.poll()
                room.register(self._socket, select.POLLOUT)
                room.poll()
            except (BrokenPipeError, ConnectionResetError):
                # Nobody is there for the answer; the lifeline ends this process if its parent has ended.
                self.open = False
                return
