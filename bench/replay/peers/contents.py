"""What every memory is filled with: observations made of their numbers, as spiq's side makes them."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np

REWARDS = 10
ACTIONS = 3
FRAME_SHADES = 251


def load(path):
    return SimpleNamespace(**json.loads(Path(path).read_text()))


def numbers(trial):
    """The observation that each transition starts from; an episode has one more than it has transitions."""
    transitions = np.arange(trial.transitions)
    return transitions + transitions // trial.episode


def ends(trial):
    return (np.arange(trial.transitions) + 1) % trial.episode == 0


def observations(c):
    return np.stack([c, c / 2, c % 7, np.ones_like(c)], axis=1).astype(np.float32)


def frames(trial):
    """All frames of the one episode, uint8 [transitions + 1][side][side]."""
    c = np.arange(trial.transitions + 1)
    pixels = np.empty((len(c), trial.side, trial.side), np.uint8)
    pixels[:] = (c % FRAME_SHADES)[:, None, None]
    pixels[:, 0, 0] = c % 256
    pixels[:, 0, 1] = c // 256
    return pixels


def stack_of(all_frames, c, stack):
    """The state of frame c, the oldest first, the episode's first again before it."""
    return all_frames[np.maximum(0, c - stack + 1 + np.arange(stack))]


def check_floats(states, next_states, actions, rewards):
    """Fails where a row does not belong together; the numbers of the observations."""
    c = states[:, 0].astype(np.int64)
    assert np.array_equal(states, observations(c))
    assert np.array_equal(next_states, observations(c + 1))
    return check_answers(c, actions, rewards)


def check_frames(states, next_states, actions, rewards):
    """The same for [rows][stack][side][side]."""
    number = states[:, :, 0, 0].astype(np.int64) + 256 * states[:, :, 0, 1].astype(np.int64)
    following = next_states[:, :, 0, 0] + 256 * next_states[:, :, 0, 1].astype(np.int64)
    c = number[:, -1]
    offsets = np.arange(states.shape[1]) - states.shape[1] + 1
    assert np.array_equal(number, np.maximum(0, c[:, None] + offsets))
    assert np.array_equal(following, np.maximum(0, c[:, None] + 1 + offsets))
    return check_answers(c, actions, rewards)


def check_answers(c, actions, rewards):
    assert np.array_equal(np.ravel(actions), c % ACTIONS)
    assert np.array_equal(np.ravel(rewards), c % REWARDS)
    return c
