"""Records single steps of Gymnasium's MountainCar-v0 from chosen states: mountain-car.npz."""

import gymnasium
import numpy as np

from .single_steps import elapsed_steps, played_states, write_description, write_single_steps

STEPS = 2400
STEP_LIMIT = 200
LEFT, RIGHT, TOP_SPEED, GOAL = -1.2, 0.6, 0.07, 0.5


def write_mountain_car(root):
    rng = np.random.default_rng(32)
    environment = gymnasium.make('MountainCar-v0', disable_env_checker=True)
    environment.reset(seed=32)

    def swing(state):
        """Pushes the way it moves, with much noise."""
        return int(state[1] > 0) * 2 if rng.random() < 0.8 else int(rng.integers(3))

    played = played_states(environment, swing, STEPS // 2)
    states = np.concatenate([played, chosen_states(rng)])
    elapsed = elapsed_steps(rng, STEPS, STEP_LIMIT)
    actions = rng.integers(3, size=STEPS).astype(np.uint8)
    write_single_steps(root, 'mountain-car', environment, states, elapsed, actions)
    write_description(
        root,
        'mountain-car',
        environment,
        [-0.6, 0],
        [-0.4, 0],
        steps=STEPS,
        step_limit=STEP_LIMIT,
    )


def chosen_states(rng):
    """At the left wall, near and beyond the goal, at and beyond the highest speeds."""
    count = STEPS // 6
    at_wall = anywhere(rng, count)
    at_wall[:, 0] = LEFT + rng.choice([0, 1], count) * np.abs(rng.normal(0, 0.02, count))
    at_goal = anywhere(rng, count)
    at_goal[:, 0] = GOAL + rng.normal(0, 0.03, count)
    at_goal[:100, 0] = GOAL
    fast = anywhere(rng, count)
    fast[:, 1] = rng.choice([-1, 1], count) * (TOP_SPEED + rng.normal(0, 0.001, count))
    return np.concatenate([at_wall, at_goal, fast])


def anywhere(rng, count):
    return np.stack(
        [rng.uniform(LEFT, RIGHT, count), rng.uniform(-TOP_SPEED, TOP_SPEED, count)], axis=1
    )
