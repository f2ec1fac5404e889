"""Stable-Baselines3's buffer, which gives torch tensors; frames with its memory optimisation."""

import numpy as np
import stable_baselines3
import torch
from contents import (
    ACTIONS,
    REWARDS,
    check_floats,
    check_frames,
    ends,
    frames,
    numbers,
    observations,
    stack_of,
)
from gymnasium import spaces
from stable_baselines3.common.buffers import ReplayBuffer

VERSION = stable_baselines3.__version__


def make(trial):
    torch.set_num_threads(1)
    return Memory(trial)


class Memory:
    def __init__(self, trial):
        self.trial = trial
        framed = trial.kind == 'frames'
        if framed:
            pixels = frames(trial)
            space = spaces.Box(0, 255, (trial.stack, trial.side, trial.side), np.uint8)
        else:
            space = spaces.Box(-np.inf, np.inf, (trial.floats,), np.float32)
        self.buffer = ReplayBuffer(
            trial.transitions,
            space,
            spaces.Discrete(ACTIONS),
            device='cpu',
            optimize_memory_usage=framed,
            handle_timeout_termination=not framed,
        )
        self.check_rows = check_frames if framed else check_floats
        for c, end in zip(numbers(trial), ends(trial), strict=True):
            if framed:
                state, following = (stack_of(pixels, at, trial.stack) for at in (c, c + 1))
            else:
                state, following = observations(np.array([c, c + 1]))
            answers = np.array([c % ACTIONS]), np.array([c % REWARDS]), np.array([end])
            self.buffer.add(state[None], following[None], *answers, [{}])

    def call(self):
        self.buffer.sample(self.trial.batch)

    def draw(self):
        batch = self.buffer.sample(self.trial.batch)
        states, following = batch.observations.numpy(), batch.next_observations.numpy()
        return self.check_rows(states, following, batch.actions.numpy(), batch.rewards.numpy())
