"""What EnvPool itself gives, for envpool.test.ts.

The request is a list of {"task", "options", "seeds", "actions"}, a list of actions for each step. The answer holds of
each the SHA-256 of all observations, rewards and ends; a finished copy begins again by its next step, as EnvPool has it,
which the answer leaves out.
"""

import hashlib
import json
import sys

import envpool
import numpy as np


def play(request):
    seeds = request['seeds']
    pool = envpool.make(
        request['task'],
        env_type='gymnasium',
        num_envs=len(seeds),
        env_seed=seeds,
        **request['options'],
    )
    everyone = np.arange(len(seeds))
    seen, _ = pool.reset()
    told = [[('begins', digest(seen[copy]))] for copy in everyone]
    for actions in request['actions']:
        seen, rewards, terminated, truncated, _ = pool.step(np.array(actions), everyone)
        finished = []
        for copy in everyone:
            ends = [bool(terminated[copy]), bool(truncated[copy])]
            told[copy].append((digest(seen[copy]), float(rewards[copy]), *ends))
            if any(ends):
                finished.append(copy)
        if finished:
            seen, *_ = pool.step(np.zeros(len(finished), int), np.array(finished))
            for at, copy in enumerate(finished):
                told[copy].append(('begins', digest(seen[at])))
    return told


def digest(observation):
    return hashlib.sha256(np.ascontiguousarray(observation).tobytes()).hexdigest()


print(json.dumps([play(request) for request in json.load(sys.stdin)]))
