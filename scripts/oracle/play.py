"""Plays CartPole-v1 with any function from a batch of observations to a batch of action values."""

import numpy as np

from .dqn import make_environment


def returns(action_values, episodes, first_seed):
    """Greedy return of one episode for each of the seeds first_seed, first_seed + 1, ..."""
    environments = [make_environment() for _ in range(episodes)]
    states = np.stack([e.reset(seed=first_seed + n)[0] for n, e in enumerate(environments)])
    totals = np.zeros(episodes)
    playing = np.arange(episodes)
    while len(playing) > 0:
        actions = action_values(states[playing]).argmax(axis=1)
        over = np.zeros(len(playing), bool)
        for n, (index, action) in enumerate(zip(playing, actions, strict=True)):
            states[index], reward, terminated, truncated, _ = environments[index].step(int(action))
            totals[index] += reward
            over[n] = terminated or truncated
        playing = playing[~over]
    return totals


def observations_met(action_values, rows, seed, exploration=0.1):
    """Observations in the order in which one exploring player meets them."""
    rng = np.random.default_rng(seed)
    environment = make_environment()
    state, _ = environment.reset(seed=seed)
    met = np.zeros((rows, 4), np.float32)
    for row in range(rows):
        met[row] = state
        chosen = int(action_values(state[None]).argmax())
        action = int(rng.integers(2)) if rng.random() < exploration else chosen
        state, _, terminated, truncated, _ = environment.step(action)
        if terminated or truncated:
            state, _ = environment.reset()
    return met
