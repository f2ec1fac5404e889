"""The wait of a worker for its next request."""

import os
import queue
import threading
import time

from checks import named, report
from spiq_worker.alert_wait import LONGEST, SLEPT_THROUGH, AlertWait


class Post:
    """What comes, how often it was looked for, and how often slept for."""

    def __init__(self):
        self._queue = queue.Queue()
        self.looked = self.slept = 0
        self.wait = AlertWait(self.look, self.sleep)

    def put(self, item):
        self._queue.put(item)

    def look(self):
        self.looked += 1
        try:
            return self._queue.get_nowait()
        except queue.Empty:
            return None

    def sleep(self):
        self.slept += 1
        return self._queue.get()


def with_load(load):
    os.getloadavg = lambda: (load, load, load)


def what_comes_keeps_its_order():
    with_load(0.0)
    post = Post()
    for number in range(100):
        post.put(number)
    assert [post.wait.next() for _ in range(100)] == list(range(100))
    assert post.looked == 100 and post.slept == 0


def what_comes_late_is_slept_for_and_so_are_the_next():
    with_load(0.0)
    post = Post()
    threading.Timer(LONGEST + 0.2, lambda: post.put('late')).start()
    assert post.wait.next() == 'late'
    assert post.looked > 1 and post.slept == 1
    looked = post.looked
    for _ in range(SLEPT_THROUGH):
        post.put('soon')
        post.wait.next()
    assert (post.looked, post.slept) == (looked, 1 + SLEPT_THROUGH)
    post.put('soon')
    post.wait.next()
    assert post.looked == looked + 1


def a_busy_machine_is_left_alone():
    with_load(1000.0)
    post = Post()
    threading.Timer(0.05, lambda: post.put('x')).start()
    begin = time.process_time()
    assert post.wait.next() == 'x'
    assert (post.looked, post.slept) == (0, 1)
    assert time.process_time() - begin < 0.04


report(
    named(
        what_comes_keeps_its_order,
        what_comes_late_is_slept_for_and_so_are_the_next,
        a_busy_machine_is_left_alone,
    )
)
