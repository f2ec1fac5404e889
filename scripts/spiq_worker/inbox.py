"""Where messages come from and answers go to: ZeroMQ's socket, and the line beside it where there is one."""

import zmq

from .alert_wait import AlertWait
from .line import Line

# Who sent it, and the frames.
Letter = tuple[bytes, list[bytes]]

# In the place of a sender's identity, which ZeroMQ never leaves empty.
LINE = b''


class Inbox:
    def __init__(self, socket: zmq.Socket, line: Line | None):
        self._socket = socket
        self._line = line
        self._poller = zmq.Poller()
        self._poller.register(socket, zmq.POLLIN)
        if line is not None:
            self._poller.register(line, zmq.POLLIN)
        self._wait = AlertWait(self.look, self._sleep)

    @property
    def has_line(self) -> bool:
        return self._line is not None

    def next(self) -> Letter:
        return self._wait.next()

    def look(self) -> Letter | None:
        """What is there already."""
        if self._line is not None:
            frames = self._line.look()
            if frames is not None:
                return LINE, frames
            if not self._line.open:
                self._poller.unregister(self._line)
                self._line = None
        try:
            sender, *frames = self._socket.recv_multipart(zmq.NOBLOCK)
        except zmq.Again:
            return None
        return sender, frames

    def send(self, receiver: bytes, frames: list[bytes]) -> None:
        if receiver != LINE:
            self._socket.send_multipart([receiver, *frames])
        elif self._line is not None:
            self._line.send(frames)

    def _sleep(self) -> Letter:
        while (letter := self.look()) is None:
            self._poller.poll()
        return letter
