"""What Gymnasium itself gives, for the tests of the worker.

The request is a list of {"id", "options", "seed", "actions"}. The answer holds of each what the reset and the steps
brought: rewards, ends, lives, and the SHA-256 of each observation; after an end, a reset without a seed.
"""

import hashlib
import json
import sys

import ale_py
import gymnasium
import numpy as np

gymnasium.register_envs(ale_py)


def digest(observation):
    # Numbers of 64 bits travel as such of 32.
    array = np.asarray(observation)
    narrow = array.astype(np.int32) if array.dtype == np.int64 else array
    return hashlib.sha256(narrow.tobytes()).hexdigest()


def play(request):
    env = gymnasium.make(request['id'], **request['options'])
    observation, info = env.reset(seed=request['seed'])
    lives = int(info.get('lives', -1))
    steps = [{'begins': True, 'seen': digest(observation), 'lives': lives}]
    for action in request['actions']:
        observation, reward, terminated, truncated, info = env.step(action)
        steps.append(
            {
                'begins': False,
                'seen': digest(observation),
                'reward': float(reward),
                'terminated': bool(terminated),
                'truncated': bool(truncated),
                'lives': int(info.get('lives', -1)),
            }
        )
        if terminated or truncated:
            observation, info = env.reset()
            lives = int(info.get('lives', -1))
            steps.append({'begins': True, 'seen': digest(observation), 'lives': lives})
    meanings = getattr(env.unwrapped, 'get_action_meanings', list)()
    return {'steps': steps, 'count': int(env.action_space.n), 'meanings': meanings}


print(json.dumps([play(request) for request in json.load(sys.stdin)]))
