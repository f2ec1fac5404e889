"""Records single steps of a Gymnasium environment from chosen states."""

import gymnasium
import numpy as np

from .archive import write_json, write_npz

STARTS = 2000


def write_single_steps(root, name, environment, states, elapsed, actions, observed=False):
    """Steps once from every state; `observed`: also what the player would have seen."""
    count = len(states)
    following = np.zeros(states.shape)
    observations = np.zeros((count, *environment.observation_space.shape), np.float32)
    rewards = np.zeros(count)
    flags = np.zeros((2, count), np.uint8)
    for n in range(count):
        following[n], observations[n], rewards[n], flags[:, n] = one_step(
            environment, states[n], elapsed[n], actions[n]
        )
    assert 0.05 < flags[0].mean() < 0.95, 'too few or too many steps end an episode'
    assert flags[1].sum() > count // 100, 'too few steps reach the step limit'
    arrays = {
        'state': states,
        'elapsed': elapsed,
        'action': actions,
        'next_state': following,
        'reward': rewards,
        'terminated': flags[0],
        'truncated': flags[1],
    }
    if observed:
        arrays['observation'] = observations
    write_npz(root / 'test' / 'oracle' / f'{name}.npz', arrays)


def one_step(environment, state, elapsed, action):
    """Sets what the environment and its TimeLimit wrapper remember, then steps once."""
    core = environment.unwrapped
    core.state = np.array(state, dtype=np.float64)
    core.steps_beyond_terminated = None
    time_limit(environment)._elapsed_steps = int(elapsed)
    observation, reward, terminated, truncated, _ = environment.step(int(action))
    following = np.array(core.state, dtype=np.float64)
    return following, observation, reward, (terminated, truncated)


def time_limit(environment):
    while not isinstance(environment, gymnasium.wrappers.TimeLimit):
        environment = environment.env
    return environment


def elapsed_steps(rng, count, limit):
    """A fifth of them the last or the last but one that the limit permits."""
    elapsed = rng.integers(limit - 2, size=count)
    late = rng.random(count) < 0.2
    elapsed[late] = rng.choice([limit - 2, limit - 1], late.sum())
    return elapsed.astype(np.int32)


def played_states(environment, player, count):
    """States met in episodes of `player(state)`, which gives an action."""
    states = []
    while len(states) < count:
        state = np.array(environment.unwrapped.state, dtype=np.float64)
        states.append(state)
        _, _, terminated, truncated, _ = environment.step(player(state))
        if terminated or truncated:
            environment.reset()
    return np.array(states)


def initial_states(environment):
    """Where so many episodes begin."""
    states = []
    for n in range(STARTS):
        environment.reset(seed=n)
        states.append(np.array(environment.unwrapped.state, dtype=np.float64))
    return np.array(states)


def write_description(root, name, environment, low, high, **more):
    """`low`, `high`: what initial states are drawn between."""
    starts = initial_states(environment)
    assert (starts >= np.float32(low)).all() and (starts <= np.float32(high)).all()
    description = {
        'environment': environment.spec.id,
        'gymnasium': gymnasium.__version__,
        'initial_state': {'distribution': 'uniform', 'low': low, 'high': high},
        **more,
        'observed_initial_bounds': {
            'seeds': len(starts),
            'low': starts.min(axis=0).tolist(),
            'high': starts.max(axis=0).tolist(),
        },
    }
    write_json(root / 'test' / 'oracle' / f'{name}.json', description)
