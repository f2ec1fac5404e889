"""What every kind of environment offers, and the copies that are played one after the other."""

import math
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from ..wire import Words, mismatch
from .slots import Slots

TERMINATED, TRUNCATED = 1, 2
# Reward, flags and lives of a step; lives are −1 where there are none.
Played = tuple[float, int, int]


def played_of(reward: Any, terminated: Any, truncated: Any, lives: int) -> Played:
    number = float(reward)
    if not math.isfinite(number):
        raise mismatch('E_NOT_FINITE', 'reward', 'a finite number', Words(number))
    flags = (TERMINATED if terminated else 0) | (TRUNCATED if truncated else 0)
    return number, flags, lives


@dataclass
class Description:
    action: dict[str, Any]
    observation: dict[str, Any]
    frames: int
    picture: list[int] | None
    lives: int | None
    max_steps: int | None
    # Whether an episode can begin with no-op steps.
    noop: bool


class Group(Protocol):
    """Copies of an environment, which write what they show to their slots."""

    def describe(self) -> Description: ...

    def reset(
        self, copies: list[int], seeds: list[int | None], noops: list[int], slots: Slots
    ) -> list[int]: ...

    def step(self, copies: list[int], actions: list[int], slots: Slots) -> list[Played]: ...

    def render(self, copy: int) -> np.ndarray: ...

    def close(self) -> None:
        """Frees what would not go with the object."""


class Copy(Protocol):
    """`slot` has the views of the mapped file that a copy writes to."""

    def describe(self) -> Description: ...

    def reset(self, seed: int | None, noops: int, slot: dict[str, np.ndarray]) -> int: ...

    def step(self, action: int, slot: dict[str, np.ndarray]) -> Played: ...

    def render(self) -> np.ndarray: ...

    def close(self) -> None: ...


class OneByOne(Group):
    def __init__(self, copies: list[Copy]):
        self._copies = copies

    def describe(self) -> Description:
        return self._copies[0].describe()

    def reset(
        self, copies: list[int], seeds: list[int | None], noops: list[int], slots: Slots
    ) -> list[int]:
        return [
            self._copies[copy].reset(seed, waits, slots[copy])
            for copy, seed, waits in zip(copies, seeds, noops, strict=True)
        ]

    def step(self, copies: list[int], actions: list[int], slots: Slots) -> list[Played]:
        return [
            self._copies[copy].step(action, slots[copy])
            for copy, action in zip(copies, actions, strict=True)
        ]

    def render(self, copy: int) -> np.ndarray:
        return self._copies[copy].render()

    def close(self) -> None:
        for copy in self._copies:
            copy.close()
