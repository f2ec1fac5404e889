"""EnvPool's Breakout, whose threads step all copies at once."""

import envpool
import numpy as np
from contender import action_at

VERSION = envpool.__version__


def make(trial):
    return Steps(trial)


class Steps:
    def __init__(self, trial):
        self.count = trial.copies
        self.pool = envpool.make(
            'Breakout-v5',
            env_type='gymnasium',
            num_envs=trial.copies,
            num_threads=2,
            noop_max=1,
            use_fire_reset=False,
            reward_clip=False,
            repeat_action_probability=0.0,
        )
        self.pool.reset()
        self.step = 0

    def call(self):
        self.pool.step(np.array([action_at(self.step, copy) for copy in range(self.count)]))
        self.step += 1
