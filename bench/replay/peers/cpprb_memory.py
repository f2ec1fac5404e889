"""cpprb's buffers; frames with its own compression, next states taken from the states."""

from importlib.metadata import version

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
    stack_of,
)
from cpprb import PrioritizedReplayBuffer, ReplayBuffer

VERSION = version('cpprb')
ANSWERS = {'act': {'dtype': np.int32}, 'rew': {}, 'done': {}}


def make(trial):
    if trial.kind == 'frames':
        return Frames(trial)
    return Prioritised(trial) if trial.kind == 'prioritised' else Uniform(trial)


def answers(trial):
    c = numbers(trial)
    return {'act': c % ACTIONS, 'rew': c % REWARDS, 'done': ends(trial)}


class Uniform:
    def __init__(self, trial):
        self.trial = trial
        shape = {'shape': trial.floats}
        self.buffer = self.make_buffer({'obs': shape, 'next_obs': shape, **ANSWERS})
        c = numbers(trial)
        self.buffer.add(obs=observations(c), next_obs=observations(c + 1), **answers(trial))

    def make_buffer(self, fields):
        return ReplayBuffer(self.trial.transitions, fields)

    def call(self):
        self.buffer.sample(self.trial.batch)

    def draw(self):
        batch = self.buffer.sample(self.trial.batch)
        return check_floats(batch['obs'], batch['next_obs'], batch['act'], batch['rew'])


class Prioritised(Uniform):
    def make_buffer(self, fields):
        self.errors = (np.arange(self.trial.batch) % 8 / 8).astype(np.float32)
        return PrioritizedReplayBuffer(self.trial.transitions, fields, alpha=self.trial.alpha)

    def prioritise(self):
        given = self.trial.errors
        odd = numbers(self.trial) % 2 == 1
        errors = np.where(odd, given['odd'], given['even']).astype(np.float32)
        self.buffer.update_priorities(np.arange(self.trial.transitions), errors)

    def call(self):
        batch = self.buffer.sample(self.trial.batch, beta=self.trial.beta)
        self.buffer.update_priorities(batch['indexes'], self.errors)

    def draw(self):
        batch = self.buffer.sample(self.trial.batch, beta=self.trial.beta)
        return check_floats(batch['obs'], batch['next_obs'], batch['act'], batch['rew'])


class Frames:
    def __init__(self, trial):
        self.trial = trial
        # The frames of a state lie along its last axis, as the compression wants them.
        fields = {'obs': {'shape': (trial.side, trial.side, trial.stack), 'dtype': np.uint8}}
        self.buffer = ReplayBuffer(
            trial.transitions, {**fields, **ANSWERS}, next_of='obs', stack_compress='obs'
        )
        pixels = frames(trial)
        given = answers(trial)
        state = np.moveaxis(stack_of(pixels, 0, trial.stack), 0, -1)
        for k in range(trial.transitions):
            following = np.moveaxis(stack_of(pixels, k + 1, trial.stack), 0, -1)
            row = {name: values[k] for name, values in given.items()}
            self.buffer.add(obs=state, next_obs=following, **row)
            state = following

    def call(self):
        self.buffer.sample(self.trial.batch)

    def draw(self):
        batch = self.buffer.sample(self.trial.batch)
        states, following = (np.moveaxis(batch[name], -1, 1) for name in ('obs', 'next_obs'))
        return check_frames(states, following, batch['act'], batch['rew'])
