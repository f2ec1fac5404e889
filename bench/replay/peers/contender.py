"""A memory as a contender: one batch after the other."""

import numpy as np
from contents import load


def start(module, path):
    trial = load(path)
    return Sampling(trial, module.make(trial))


class Sampling:
    """`memory` has `call()`, which is timed, and `draw()`, which gives the numbers of a checked batch's observations."""

    def __init__(self, trial, memory):
        self.trial = trial
        self.memory = memory
        self.call = memory.call

    def check(self):
        if hasattr(self.memory, 'prioritise'):
            self.memory.prioritise()
        drawn = np.concatenate([self.memory.draw() for _ in range(self.trial.checkedBatches)])
        return [drawn.mean() / self.trial.transitions, (drawn % 2).mean()]
