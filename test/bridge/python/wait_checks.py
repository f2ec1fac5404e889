"""The wait of a worker for its next request."""

import os
import threading
import time

import zmq
from checks import named, report
from spiq_worker.alert_wait import LONGEST, SLEPT_THROUGH, AlertWait


def pair():
    context = zmq.Context()
    there, here = context.socket(zmq.PAIR), context.socket(zmq.PAIR)
    there.bind('inproc://wait')
    here.connect('inproc://wait')
    return here, AlertWait(there)


class Counting:
    """How often a socket is asked without waiting, and how often for as long as it takes."""

    def __init__(self, socket):
        self._socket = socket
        self.counts = {'asked': 0, 'slept': 0}

    def recv_multipart(self, flags=0):
        self.counts['asked' if flags == zmq.NOBLOCK else 'slept'] += 1
        return self._socket.recv_multipart(flags)


def with_load(load):
    os.getloadavg = lambda: (load, load, load)


def messages_come_whole_and_in_order():
    with_load(0.0)
    here, wait = pair()
    for number in range(100):
        here.send_multipart([b'a', str(number).encode()])
    assert [wait.receive() for _ in range(100)] == [[b'a', str(k).encode()] for k in range(100)]


def what_comes_late_is_slept_for_and_so_are_the_next():
    with_load(0.0)
    here, wait = pair()
    wait._socket = socket = Counting(wait._socket)
    timer = threading.Timer(LONGEST + 0.2, lambda: here.send_multipart([b'late']))
    timer.start()
    assert wait.receive() == [b'late']
    assert socket.counts['asked'] > 1 and socket.counts['slept'] == 1
    asked = socket.counts['asked']
    for _ in range(SLEPT_THROUGH):
        here.send_multipart([b'soon'])
        wait.receive()
    assert socket.counts == {'asked': asked, 'slept': 1 + SLEPT_THROUGH}
    here.send_multipart([b'soon'])
    wait.receive()
    assert socket.counts['asked'] == asked + 1


def a_busy_machine_is_left_alone():
    with_load(1000.0)
    here, wait = pair()
    wait._socket = socket = Counting(wait._socket)
    threading.Timer(0.05, lambda: here.send_multipart([b'x'])).start()
    begin = time.process_time()
    assert wait.receive() == [b'x']
    assert socket.counts == {'asked': 0, 'slept': 1}
    assert time.process_time() - begin < 0.04


report(
    named(
        messages_come_whole_and_in_order,
        what_comes_late_is_slept_for_and_so_are_the_next,
        a_busy_machine_is_left_alone,
    )
)
