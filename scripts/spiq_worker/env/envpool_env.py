"""Environments of EnvPool, whose threads play the copies side by side."""

from typing import Any

import numpy as np

from ..fields import Fields
from ..wire import WireError, Words, mismatch
from .group import Description, Group, Played, played_of
from .gymnasium_env import check_actions, describe_observation
from .slots import Slots

MOST_THREADS = 1024
# EnvPool's seeds are 32-bit numbers; larger ones are hashed.
MOST_SEED = 2**31 - 1
OURS = ('env_type', 'num_envs', 'batch_size', 'num_threads', 'seed', 'env_seed')


class EnvpoolOptions:
    def __init__(self, fields: Fields):
        self.task = fields.text('task')
        self.threads = fields.whole('threads', None, 1, MOST_THREADS)
        self.options = fields.object('options')
        fields.done()
        for name in self.options:
            if name in OURS:
                expected = f'none of {", ".join(OURS)}, which the worker chooses'
                raise mismatch('E_ARGUMENT', "environment 'options'", expected, name)


def make(fields: Fields, count: int) -> Group:
    return EnvpoolGroup(EnvpoolOptions(fields), count)


class EnvpoolGroup(Group):
    """EnvPool takes seeds only when a pool is made. So a seeded reset of all copies makes the pool anew, and one of
    some gives each of those a pool of its own. It resets a finished copy by itself in the next step, whose action is
    lost: here finished copies are not stepped, so that never happens."""

    def __init__(self, options: EnvpoolOptions, count: int):
        try:
            import envpool
        except ImportError as error:
            expected = 'a Python with the package envpool'
            raise mismatch(
                'E_IMPORT', "environment kind 'envpool'", expected, Words(error)
            ) from error
        self._envpool = envpool
        self._options = options
        self._count = count
        try:
            spec = envpool.make_spec(options.task, **options.options)
        except KeyError as error:
            expected = 'a task of the EnvPool that is installed'
            raise mismatch('E_ARGUMENT', "environment 'task'", expected, options.task) from error
        _, self._actions = check_actions(spec.gymnasium_action_space)
        self._observation = describe_observation(spec.gymnasium_observation_space)
        probe = self._make([0], 1)
        _, info = probe.reset()
        self._lives = int(info['lives'][0]) if 'lives' in info else None
        self._most_steps = probe.config.get('max_episode_steps')
        # The pool and the place in it of each copy.
        self._homes: list[tuple[Any, int]] = []

    def describe(self) -> Description:
        return Description(
            action={'kind': 'discrete', 'count': self._actions, 'start': 0, 'names': None},
            observation=self._observation,
            frames=1,
            picture=None,
            lives=self._lives,
            max_steps=self._most_steps,
            noop=False,
        )

    def reset(
        self, copies: list[int], seeds: list[int | None], noops: list[int], slots: Slots
    ) -> list[int]:
        seeded = [
            (copy, seed) for copy, seed in zip(copies, seeds, strict=True) if seed is not None
        ]
        if len(seeded) == self._count:
            self._settle([seed for _, seed in sorted(seeded)])
        else:
            if not self._homes:
                self._settle(list(range(self._count)))
            for copy, seed in seeded:
                self._homes[copy] = (self._make([seed], 1), 0)
        lives = {}
        for pool, members in self._members(copies):
            seen, info = pool.reset(np.array(list(members), np.int32))
            for at, place in enumerate(info['env_id'].tolist()):
                copy = members[place]
                slots[copy]['newest'][...] = seen[at]
                lives[copy] = int(info['lives'][at]) if 'lives' in info else -1
        return [lives[copy] for copy in copies]

    def step(self, copies: list[int], actions: list[int], slots: Slots) -> list[Played]:
        chosen = dict(zip(copies, actions, strict=True))
        groups = self._members(copies)
        for pool, members in groups:
            wanted = np.array([chosen[copy] for copy in members.values()])
            pool.send(wanted, np.array(list(members), np.int32))
        played: dict[int, Played] = {}
        for pool, members in groups:
            seen, rewards, terminated, truncated, info = pool.recv()
            for at, place in enumerate(info['env_id'].tolist()):
                copy = members[place]
                slots[copy]['newest'][...] = seen[at]
                lives = int(info['lives'][at]) if 'lives' in info else -1
                played[copy] = played_of(rewards[at], terminated[at], truncated[at], lives)
        return [played[copy] for copy in copies]

    def render(self, copy: int) -> np.ndarray:
        raise WireError(
            'E_UNSUPPORTED', 'picture: expected an environment of another kind, received EnvPool'
        )

    def close(self) -> None:
        self._homes = []

    def _settle(self, seeds: list[int]) -> None:
        pool = self._make(seeds, self._options.threads or 0)
        self._homes = [(pool, place) for place in range(self._count)]

    def _make(self, seeds: list[int], threads: int) -> Any:
        return self._envpool.make(
            self._options.task,
            env_type='gymnasium',
            num_envs=len(seeds),
            num_threads=threads,
            env_seed=[_seed_of(seed) for seed in seeds],
            **self._options.options,
        )

    def _members(self, copies: list[int]) -> list[tuple[Any, dict[int, int]]]:
        """The pools of these copies, each with its members: place in the pool, copy."""
        groups: dict[int, tuple[Any, dict[int, int]]] = {}
        for copy in copies:
            pool, place = self._homes[copy]
            groups.setdefault(id(pool), (pool, {}))[1][place] = copy
        return list(groups.values())


def _seed_of(seed: int) -> int:
    if seed <= MOST_SEED:
        return seed
    return int(np.random.SeedSequence(seed).generate_state(1)[0]) & MOST_SEED
