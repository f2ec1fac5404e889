"""Frames through a file or on the socket, for trips.ts: frames_peer.py ENDPOINT, the file as descriptor 3.

Each message {"bytes", "way"} is answered when so many new bytes are there; `none` asks for none.
"""

import mmap
import sys

import numpy as np
import zmq
from spiq_worker import wire
from spiq_worker.inbox import Inbox

MOST = 1 << 18

socket = zmq.Context().socket(zmq.ROUTER)
socket.bind(sys.argv[1])
mapped = np.frombuffer(mmap.mmap(3, MOST), np.uint8)
screen = np.zeros(MOST, np.uint8)
inbox = Inbox(socket, None)
number = 0
while True:
    sender, frames = inbox.next()
    message = wire.decode(wire.header_of(frames), frames)
    size = message.body['bytes']
    number = (number + 1) % 251
    reply = wire.Message('frame', {'first': number}, id=message.id)
    if message.body['way'] == 'file':
        # The emulator writes there itself.
        mapped[:size] = number
    elif message.body['way'] == 'socket':
        screen[:size] = number
        reply.tensors['frame'] = screen[:size]
    inbox.send(sender, wire.encode(reply))
