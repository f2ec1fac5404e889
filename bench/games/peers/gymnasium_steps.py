"""The loop that a user writes: Gymnasium's Breakout behind its AtariPreprocessing, one copy after the other."""

import ale_py
import gymnasium
from contender import action_at
from gymnasium.wrappers import AtariPreprocessing

VERSION = gymnasium.__version__

gymnasium.register_envs(ale_py)


def make(trial):
    return Steps(trial)


class Steps:
    def __init__(self, trial):
        self.trial = trial
        self.copies = [one() for _ in range(trial.copies)]
        for copy in self.copies:
            copy.reset(seed=0)
        self.step = 0

    def call(self, told=None):
        for number, copy in enumerate(self.copies):
            seen, reward, terminated, truncated, _ = copy.step(action_at(self.step, number))
            if told is not None:
                told(seen, reward, terminated)
            if terminated or truncated:
                copy.reset()
        self.step += 1

    def check(self):
        sums = [0, 0, 0]

        def told(seen, reward, terminated):
            sums[0] += reward
            sums[1] += terminated
            if not terminated:  # the wrapper then shows frames of the step before
                sums[2] += int(seen.sum())

        for _ in range(self.trial.checkedSteps):
            self.call(told)
        return sums


def one():
    game = gymnasium.make('ALE/Breakout-v5', frameskip=1, repeat_action_probability=0.0)
    return AtariPreprocessing(game, noop_max=0, frame_skip=4)
