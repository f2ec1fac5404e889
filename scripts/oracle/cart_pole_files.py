"""Records single steps of Gymnasium's CartPole-v1 from chosen states: test/oracle/cart-pole.npz."""

import numpy as np

from .dqn import make_environment
from .single_steps import elapsed_steps, played_states, write_description, write_single_steps

STEPS = 10000
X_LIMIT = 2.4
ANGLE_LIMIT = 12 * 2 * np.pi / 360
STEP_LIMIT = 500


def write_cart_pole(root):
    rng = np.random.default_rng(31)
    environment = make_environment()
    environment.reset(seed=31)

    def lean(state):
        """Against the fall, with much noise."""
        fall = state[2] + 0.3 * state[3] + 0.02 * state[1]
        return int(fall > 0) if rng.random() < 0.8 else int(rng.integers(2))

    played = played_states(environment, lean, STEPS // 2)
    states = np.concatenate([played, chosen_states(rng)])
    elapsed = elapsed_steps(rng, STEPS, STEP_LIMIT)
    actions = rng.integers(2, size=STEPS).astype(np.uint8)
    write_single_steps(root, 'cart-pole', environment, states, elapsed, actions)
    write_description(
        root,
        'cart-pole',
        environment,
        [-0.05] * 4,
        [0.05] * 4,
        steps=STEPS,
        step_limit=STEP_LIMIT,
        position_limit=X_LIMIT,
        angle_limit=ANGLE_LIMIT,
    )


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
