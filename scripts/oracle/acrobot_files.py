"""Records single steps of Gymnasium's Acrobot-v1 from chosen states: test/oracle/acrobot.npz."""

import gymnasium
import numpy as np

from .single_steps import elapsed_steps, played_states, write_description, write_single_steps

STEPS = 2400
STEP_LIMIT = 500
TOP_SPEEDS = np.array([4 * np.pi, 9 * np.pi])


def write_acrobot(root):
    rng = np.random.default_rng(33)
    environment = gymnasium.make('Acrobot-v1', disable_env_checker=True)
    environment.reset(seed=33)

    def swing(state):
        """Pushes the second link the way the first one moves, with much noise."""
        return int(state[2] > 0) * 2 if rng.random() < 0.8 else int(rng.integers(3))

    played = played_states(environment, swing, STEPS // 2)
    states = np.concatenate([played, chosen_states(rng)])
    elapsed = elapsed_steps(rng, STEPS, STEP_LIMIT)
    actions = rng.integers(3, size=STEPS).astype(np.uint8)
    write_single_steps(root, 'acrobot', environment, states, elapsed, actions, observed=True)
    write_description(
        root,
        'acrobot',
        environment,
        [-0.1] * 4,
        [0.1] * 4,
        steps=STEPS,
        step_limit=STEP_LIMIT,
    )


def chosen_states(rng):
    """Upright, about the height of the goal, near a full turn, at and beyond the highest speeds."""
    count = STEPS // 6
    upright = anywhere(rng, count, 0.3)
    upright[:, 0] = rng.uniform(0.6, 1, count) * np.pi * rng.choice([-1, 1], count)
    upright[:, 1] = rng.normal(0, 0.3, count)
    turning = anywhere(rng, count, 0.3)
    before = np.abs(rng.normal(0, 0.1, (count, 2)))
    turning[:, :2] = rng.choice([-1, 1], (count, 2)) * (np.pi - before)
    fast = anywhere(rng, count, 1.0)
    fast[:, 2:] = rng.choice([-1, 1], (count, 2)) * TOP_SPEEDS * rng.uniform(0.9, 1, (count, 2))
    return np.concatenate([upright, turning, fast])


def anywhere(rng, count, share):
    """Any angles, and velocities of up to that share of the highest."""
    angles = rng.uniform(-np.pi, np.pi, (count, 2))
    return np.concatenate([angles, rng.uniform(-share, share, (count, 2)) * TOP_SPEEDS], axis=1)
