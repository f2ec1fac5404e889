"""Environments that Gymnasium registers when it is asked for `spiq_cases:NAME-v0`: what ordinary ones do not do."""

import os
import signal
import time

import gymnasium
import numpy as np
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Tuple

ONE = Box(-1.0, 1.0, (2,), np.float32)


class Steps(gymnasium.Env):
    """Counts its steps; the reward is a number of its generator's, and the observation holds both."""

    observation_space = Box(-np.inf, np.inf, (2,), np.float64)
    action_space = Discrete(4)

    def __init__(self, length=50):
        self.length = length

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.steps = 0
        return self.seen(), {}

    def step(self, action):
        self.steps += 1
        self.act(action)
        reward = float(self.np_random.normal()) + action
        return self.seen(), reward, self.steps == self.length, False, {}

    def seen(self):
        return np.array([self.steps, float(self.np_random.random())])

    def act(self, action):
        """For those below."""


class Sleeps(Steps):
    """Sleeps for an hour when its action is 3, if the file named does not exist yet."""

    def __init__(self, once, length=50):
        super().__init__(length)
        self.once = once

    def act(self, action):
        if action == 3 and first_time(self.once):
            time.sleep(3600)


class Dies(Sleeps):
    def act(self, action):
        if action == 3 and first_time(self.once):
            os.kill(os.getpid(), signal.SIGKILL)


class DiesAlways(Steps):
    def act(self, action):
        if action == 3:
            os.kill(os.getpid(), signal.SIGKILL)


class Raises(Steps):
    def act(self, action):
        if action == 3:
            raise RuntimeError('on purpose')


class NotANumber(Steps):
    def step(self, action):
        seen, _, *ends = super().step(action)
        return seen, float('nan'), *ends


class Clock(Steps):
    """The same seed and actions give other rewards in another process."""

    def step(self, action):
        seen, _, *ends = super().step(action)
        return seen, float(os.getpid()), *ends


class Painter(Steps):
    """The same seed and actions give the same rewards and other observations in another process."""

    def seen(self):
        return np.array([self.steps, os.getpid()])


class Spaces(gymnasium.Env):
    """Shows values of its observation space in turns, one for each of its steps."""

    def __init__(self, space, actions=None):
        self.observation_space = SPACES[space]
        self.action_space = actions or Discrete(3, start=-1)
        self.observation_space.seed(7)
        self.taken = []

    def reset(self, *, seed=None, options=None):
        return self.observation_space.sample(), {}

    def step(self, action):
        return self.observation_space.sample(), float(action), False, False, {}


SPACES = {
    'bytes': Box(0, 255, (2, 3), np.uint8),
    'f16': Box(-1, 1, (3,), np.float16),
    'f64': Box(np.array([-1.0, -np.inf, 0.0]), np.array([1.0, 5.0, np.inf]), dtype=np.float64),
    'i8': Box(-128, 127, (2,), np.int8),
    'i64': Box(-5, 5, (2,), np.int64),
    'wide': Box(-(2**40), 2**40, (2,), np.int64),
    'u16': Box(0, 65535, (2,), np.uint16),
    'u32': Box(0, 2**32 - 1, (2,), np.uint32),
    'large': Box(np.linspace(-1, 0, 600), np.linspace(0, 1, 600), dtype=np.float64),
    'discrete': Discrete(5, start=2),
    'binary': MultiBinary(4),
    'several': MultiDiscrete([2, 3, 4]),
    'dict': Dict({'a': ONE}),
    'tuple': Tuple([ONE]),
}


class Blind(Steps):
    """Takes the mode of pictures and draws none."""

    def __init__(self, render_mode=None):
        super().__init__()
        self.render_mode = render_mode

    def render(self):
        return None


class ContinuousActions(Spaces):
    def __init__(self):
        super().__init__('f64', ONE)


class WrongShape(Steps):
    def seen(self):
        return np.zeros(3 if self.steps > 0 else 2)


def first_time(file):
    """A copy in a process that was started again finds that it has been here."""
    if os.path.exists(file):
        return False
    with open(file, 'x'):
        return True


for known in [Steps, Sleeps, Dies, DiesAlways, Raises, NotANumber, Clock, Painter, Spaces]:
    gymnasium.register(f'{known.__name__}-v0', known)
for known in [Blind, ContinuousActions, WrongShape]:
    gymnasium.register(f'{known.__name__}-v0', known)
