"""Records single steps of Gymnasium's CartPole-v1 from chosen states: test/oracle/cart-pole.npz."""

import gymnasium
import numpy as np

from .archive import write_json, write_npz
from .dqn import ENVIRONMENT, make_environment

STEPS = 10000
X_LIMIT = 2.4
ANGLE_LIMIT = 12 * 2 * np.pi / 360
STEP_LIMIT = 500


def write_cart_pole(root):
    rng = np.random.default_rng(31)
    environment = make_environment()
    environment.reset(seed=31)
    states = np.concatenate([ordinary_states(environment, rng, STEPS // 2), chosen_states(rng)])
    elapsed = elapsed_steps(rng)
    actions = rng.integers(2, size=STEPS).astype(np.uint8)
    following = np.zeros((STEPS, 4))
    rewards = np.zeros(STEPS)
    flags = np.zeros((2, STEPS), np.uint8)
    for n in range(STEPS):
        following[n], rewards[n], flags[:, n] = one_step(
            environment, states[n], elapsed[n], actions[n]
        )
    assert 0.05 < flags[0].mean() < 0.95, 'too few or too many steps end an episode'
    assert flags[1].sum() > 100, 'too few steps reach the step limit'
    oracle = root / 'test' / 'oracle'
    arrays = {
        'state': states,
        'elapsed': elapsed,
        'action': actions,
        'next_state': following,
        'reward': rewards,
        'terminated': flags[0],
        'truncated': flags[1],
    }
    write_npz(oracle / 'cart-pole.npz', arrays)
    write_json(oracle / 'cart-pole.json', description(environment))


def one_step(environment, state, elapsed, action):
    """Sets what CartPole and its TimeLimit wrapper remember, then steps once."""
    core = environment.unwrapped
    core.state = np.array(state, dtype=np.float64)
    core.steps_beyond_terminated = None
    time_limit = environment
    while not isinstance(time_limit, gymnasium.wrappers.TimeLimit):
        time_limit = time_limit.env
    time_limit._elapsed_steps = int(elapsed)
    _, reward, terminated, truncated, _ = environment.step(int(action))
    return np.array(core.state, dtype=np.float64), reward, (terminated, truncated)


def ordinary_states(environment, rng, count):
    """States met by a player that leans against the fall, with much noise."""
    states = np.zeros((count, 4))
    for n in range(count):
        state = np.array(environment.unwrapped.state, dtype=np.float64)
        states[n] = state
        lean = state[2] + 0.3 * state[3] + 0.02 * state[1]
        action = int(lean > 0) if rng.random() < 0.8 else int(rng.integers(2))
        _, _, terminated, truncated, _ = environment.step(action)
        if terminated or truncated:
            environment.reset()
    return states


def chosen_states(rng):
    """At and on both sides of each border, beyond it, and with velocities no episode reaches."""
    count = STEPS // 10
    near_x = moving(rng, count, 1.0)
    near_x[:, 0] = rng.choice([-1, 1], count) * (X_LIMIT + rng.normal(0, 0.01, count))
    near_angle = moving(rng, count, 1.0)
    near_angle[:, 2] = rng.choice([-1, 1], count) * (ANGLE_LIMIT + rng.normal(0, 0.005, count))
    on_border = moving(rng, count, 1.0)
    half = count // 2
    on_border[:half, 0] = rng.choice([-X_LIMIT, X_LIMIT], half)
    on_border[half:, 2] = rng.choice([-ANGLE_LIMIT, ANGLE_LIMIT], count - half)
    # Without velocity the position that is tested stays exactly on the border.
    on_border[::2, 1] = 0
    on_border[::2, 3] = 0
    beyond = moving(rng, count, 1.0) * np.array([2, 1, 2, 1])
    fast = moving(rng, count, 20.0)
    return np.concatenate([near_x, near_angle, on_border, beyond, fast])


def moving(rng, count, speed):
    return rng.uniform(-1, 1, (count, 4)) * np.array([X_LIMIT, speed, ANGLE_LIMIT, speed])


def elapsed_steps(rng):
    elapsed = rng.integers(STEP_LIMIT - 2, size=STEPS)
    late = rng.random(STEPS) < 0.2
    elapsed[late] = rng.choice([STEP_LIMIT - 2, STEP_LIMIT - 1], late.sum())
    return elapsed.astype(np.int32)


def description(environment):
    bound = 0.05
    starts = np.array([environment.reset(seed=n)[0] for n in range(2000)])
    assert np.abs(starts).max() <= bound and np.abs(starts).max() > 0.99 * bound
    return {
        'environment': ENVIRONMENT,
        'gymnasium': gymnasium.__version__,
        'steps': STEPS,
        'initial_state': {'distribution': 'uniform', 'low': [-bound] * 4, 'high': [bound] * 4},
        'step_limit': STEP_LIMIT,
        'position_limit': X_LIMIT,
        'angle_limit': ANGLE_LIMIT,
        'observed_initial_bounds': {
            'seeds': len(starts),
            'low': starts.min(axis=0).tolist(),
            'high': starts.max(axis=0).tolist(),
        },
    }
