"""Arrays that a user would index by hand."""

import numpy as np
from contents import (
    ACTIONS,
    REWARDS,
    check_floats,
    check_frames,
    ends,
    frames,
    numbers,
    observations,
)

VERSION = np.__version__


def make(trial):
    return Frames(trial) if trial.kind == 'frames' else Rows(trial)


class Rows:
    def __init__(self, trial):
        self.trial = trial
        self.random = np.random.default_rng(1)
        c = numbers(trial)
        self.columns = [
            observations(c),
            observations(c + 1),
            (c % ACTIONS).astype(np.int32),
            (c % REWARDS).astype(np.float32),
            ends(trial),
        ]

    def call(self):
        rows = self.random.integers(0, self.trial.transitions, self.trial.batch)
        return [column[rows] for column in self.columns]

    def draw(self):
        return check_floats(*self.call()[:4])


class Frames:
    def __init__(self, trial):
        self.trial = trial
        self.random = np.random.default_rng(1)
        self.frames = frames(trial)
        c = numbers(trial)
        self.columns = [c % ACTIONS, (c % REWARDS).astype(np.float32), ends(trial)]

    def call(self):
        stack = self.trial.stack
        rows = self.random.integers(stack - 1, self.trial.transitions, self.trial.batch)
        states = np.stack([self.frames[rows - stack + 1 + k] for k in range(stack)], 1)
        following = np.stack([self.frames[rows - stack + 2 + k] for k in range(stack)], 1)
        return [states, following, *(column[rows] for column in self.columns)]

    def draw(self):
        return check_frames(*self.call()[:4])
