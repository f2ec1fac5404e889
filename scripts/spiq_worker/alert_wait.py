"""Waits for requests that follow at once. A core of a virtual machine that falls asleep meanwhile takes about 0.1 ms to come
back; so the worker looks again and again for a moment, where nobody else wants the core. The same in Node.js as well
would bring nothing more: measured in docs/decisions/006-worker-wire.md.
"""

import os
import time
from collections.abc import Callable
from typing import Generic, TypeVar

LONGEST = 0.0006  # s
# Seconds between two looks at how busy the machine is.
LOOK_EVERY = 1.0
# Waits that are slept through after one that was too long.
SLEPT_THROUGH = 32
# What a minute's load may be beyond one process for each core, the client and this wait among them.
MARGIN = 0.25

Come = TypeVar('Come')


class AlertWait(Generic[Come]):
    """`look` tells at once what has come, or None; `sleep` returns only when something has."""

    def __init__(self, look: Callable[[], Come | None], sleep: Callable[[], Come]):
        self._look = look
        self._sleep = sleep
        self._to_sleep = 0
        self._next_look = 0.0
        # Systems that tell no load are left alone.
        self._tells_load = self._is_spare = hasattr(os, 'getloadavg')

    def next(self) -> Come:
        if self._to_sleep > 0:
            self._to_sleep -= 1
        elif self._has_spare_core():
            end = time.monotonic() + LONGEST
            while time.monotonic() < end:
                come = self._look()
                if come is not None:
                    return come
            self._to_sleep = SLEPT_THROUGH
        return self._sleep()

    def _has_spare_core(self) -> bool:
        now = time.monotonic()
        if self._tells_load and now >= self._next_look:
            cores = (
                len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()
            )
            self._is_spare = os.getloadavg()[0] <= cores + MARGIN
            self._next_look = now + LOOK_EVERY
        return self._is_spare
