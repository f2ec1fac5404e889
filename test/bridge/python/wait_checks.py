"""The wait of a worker for its next request, on a clock of its own."""

import os
from types import SimpleNamespace

from checks import named, report
from spiq_worker import alert_wait
from spiq_worker.alert_wait import LONGEST, LOOK_EVERY, SLEPT_THROUGH, AlertWait

TICK = 1e-5  # s between two looks at the clock


class Post:
    """What is there, how often it was looked for, and how often slept for: then comes 'late'."""

    def __init__(self):
        self.there = []
        self.looked = self.slept = 0
        self.now = 0.0
        self.wait = AlertWait(self.look, self.sleep)
        alert_wait.time = SimpleNamespace(monotonic=self.monotonic)

    def monotonic(self):
        self.now += TICK
        return self.now

    def look(self):
        self.looked += 1
        return self.there.pop(0) if self.there else None

    def sleep(self):
        self.slept += 1
        return self.there.pop(0) if self.there else 'late'


def with_load(load):
    os.getloadavg = lambda: (load, load, load)


def what_comes_keeps_its_order():
    with_load(0.0)
    post = Post()
    post.there = list(range(100))
    assert [post.wait.next() for _ in range(100)] == list(range(100))
    assert (post.looked, post.slept) == (100, 0)


def what_comes_late_is_slept_for_and_so_are_the_next():
    with_load(0.0)
    post = Post()
    assert post.wait.next() == 'late'
    looked = post.looked
    assert abs(looked - LONGEST / TICK) <= 2 and post.slept == 1
    post.there = ['soon'] * (SLEPT_THROUGH + 1)
    for _ in range(SLEPT_THROUGH):
        assert post.wait.next() == 'soon'
    assert (post.looked, post.slept) == (looked, 1 + SLEPT_THROUGH)
    assert post.wait.next() == 'soon'
    assert (post.looked, post.slept) == (looked + 1, 1 + SLEPT_THROUGH)


def a_busy_machine_is_left_alone_until_it_is_idle():
    with_load(1000.0)
    post = Post()
    assert post.wait.next() == 'late'
    with_load(0.0)
    assert post.wait.next() == 'late'
    assert (post.looked, post.slept) == (0, 2)
    post.now += LOOK_EVERY
    post.there = ['soon']
    assert post.wait.next() == 'soon'
    assert (post.looked, post.slept) == (1, 2)


report(
    named(
        what_comes_keeps_its_order,
        what_comes_late_is_slept_for_and_so_are_the_next,
        a_busy_machine_is_left_alone_until_it_is_idle,
    )
)
