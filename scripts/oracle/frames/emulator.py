"""AtariPreprocessing of Gymnasium over an emulator that shows frames of ours."""

import gymnasium
import numpy as np
from gymnasium.wrappers import AtariPreprocessing


class Emulator(gymnasium.Env):
    """As much of ale_py's environment as the wrapper calls."""

    def __init__(self, frames):
        self.frames = frames
        self.time = 0
        self._frameskip = 1
        self.ale = self
        self.observation_space = gymnasium.spaces.Box(0, 255, frames[0].shape, np.uint8)
        self.action_space = gymnasium.spaces.Discrete(1)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed, options=options)
        self.time = 0
        return self.frames[0], {}

    def step(self, action):
        self.time += 1
        return self.frames[self.time], 0.0, False, False, {}

    def lives(self):
        return 0

    def getScreenGrayscale(self, into):
        into[:] = self.frames[self.time]


def nature(frames):
    """Of grey frames: the first, and behind it pairs, of which the later comes second."""
    environment = AtariPreprocessing(Emulator(frames), noop_max=0, frame_skip=2, screen_size=84)
    observations = [environment.reset()[0]]
    observations += [environment.step(0)[0] for _ in range((len(frames) - 1) // 2)]
    return np.stack(observations)
