"""Environments of Gymnasium by their names."""

from typing import Any

import numpy as np

from ..fields import Fields
from ..wire import WireError, mismatch
from .group import Copy, Description, Group, OneByOne, Played, played_of

# What an observation's type travels as: the next one that holds its values.
CARRIERS = {
    'float16': 'f32',
    'float32': 'f32',
    'float64': 'f64',
    'uint8': 'u8',
    'bool': 'u8',
    'int8': 'i32',
    'int16': 'i32',
    'int32': 'i32',
    'int64': 'i32',
    'uint64': 'i32',
    'uint16': 'u16',
    'uint32': 'u32',
}


class GymnasiumOptions:
    def __init__(self, fields: Fields):
        self.id = fields.text('id')
        self.options = fields.object('options')
        self.picture = fields.flag('picture', False)
        fields.done()


def make(fields: Fields, count: int) -> Group:
    options = GymnasiumOptions(fields)
    return OneByOne([GymnasiumCopy(options, number) for number in range(count)])


class GymnasiumCopy(Copy):
    def __init__(self, options: GymnasiumOptions, number: int):
        self._env = env = make_environment(options)
        self._number = number
        self._seeded = False
        self._start, self._count = check_actions(env.action_space)
        meanings = getattr(env.unwrapped, 'get_action_meanings', None)
        self._names = None if meanings is None else [str(name) for name in meanings()]
        self._noop = None
        if self._names is not None and 'NOOP' in self._names:
            self._noop = self._start + self._names.index('NOOP')
        self._observation = describe_observation(env.observation_space)
        self._shape = tuple(self._observation['shape'])
        self._picture: list[int] | None = None
        if options.picture:
            self._begin(None)
            self._picture = list(self._rendered().shape[:2])

    def describe(self) -> Description:
        spec = self._env.spec
        emulator = getattr(self._env.unwrapped, 'ale', None)
        names = self._names if self._names and len(self._names) == self._count else None
        return Description(
            action={
                'kind': 'discrete',
                'count': self._count,
                'start': self._start,
                'names': names,
            },
            observation=self._observation,
            frames=1,
            picture=self._picture,
            lives=None if emulator is None else emulator.lives(),
            max_steps=None if spec is None else spec.max_episode_steps,
            noop=self._noop is not None,
        )

    def reset(self, seed: int | None, noops: int, slot: dict[str, np.ndarray]) -> int:
        observation, info = self._begin(seed)
        for _ in range(noops):
            observation, _, terminated, truncated, info = self._env.step(self._noop)
            if terminated or truncated:
                observation, info = self._env.reset()
        self._write(observation, slot)
        return lives_in(info)

    def step(self, action: int, slot: dict[str, np.ndarray]) -> Played:
        observation, reward, terminated, truncated, info = self._env.step(self._start + action)
        self._write(observation, slot)
        return played_of(reward, terminated, truncated, lives_in(info))

    def render(self) -> np.ndarray:
        return self._rendered()

    def close(self) -> None:
        self._env.close()

    def _begin(self, seed: int | None) -> tuple[Any, dict[str, Any]]:
        """Without a seed the generator goes on; a copy never seeded begins with its number."""
        if seed is None and not self._seeded:
            seed = self._number
        self._seeded = True
        return self._env.reset(seed=seed)

    def _write(self, observation: Any, slot: dict[str, np.ndarray]) -> None:
        array = np.asarray(observation)
        if array.shape != self._shape:
            raise mismatch(
                'E_BACKEND', 'observation', f'shape {list(self._shape)}', list(array.shape)
            )
        slot['newest'][...] = array
        if 'picture' in slot:
            slot['picture'][...] = self._rendered()

    def _rendered(self) -> np.ndarray:
        picture = self._env.render()
        if not isinstance(picture, np.ndarray) or picture.ndim != 3 or picture.shape[2] != 3:
            text = f'picture: expected one with render_mode "rgb_array", received {type(picture)}'
            raise WireError('E_UNSUPPORTED', text)
        return np.ascontiguousarray(picture, dtype=np.uint8)


def make_environment(options: GymnasiumOptions) -> Any:
    import gymnasium

    if options.id.startswith('ALE/'):
        import ale_py

        gymnasium.register_envs(ale_py)
    chosen = dict(options.options)
    if options.picture:
        chosen['render_mode'] = 'rgb_array'
    # Its checks of every step are for authors of environments, and half of the time of a small one.
    chosen.setdefault('disable_env_checker', True)
    try:
        return gymnasium.make(options.id, **chosen)
    except (gymnasium.error.NameNotFound, gymnasium.error.NamespaceNotFound) as error:
        expected = f'an environment of gymnasium {gymnasium.__version__}'
        raise mismatch('E_ARGUMENT', "environment 'id'", expected, options.id) from error


def check_actions(space: Any) -> tuple[int, int]:
    from gymnasium.spaces import Discrete

    if not isinstance(space, Discrete):
        raise WireError('E_UNSUPPORTED', f'action space: expected Discrete, received {space}')
    return int(space.start), int(space.n)


def describe_observation(space: Any) -> dict[str, Any]:
    from gymnasium.spaces import Box, Discrete, MultiBinary, MultiDiscrete

    known = isinstance(space, Box | Discrete | MultiBinary | MultiDiscrete)
    carrier = CARRIERS.get(str(space.dtype)) if known else None
    if carrier is None:
        expected = 'Box, Discrete, MultiBinary or MultiDiscrete of numbers'
        raise WireError(
            'E_UNSUPPORTED', f'observation space: expected {expected}, received {space}'
        )
    if isinstance(space, Discrete):
        low, high = space.start, space.start + space.n - 1
    elif isinstance(space, MultiBinary):
        low, high = 0, 1
    elif isinstance(space, MultiDiscrete):
        low, high = space.start, space.start + space.nvec - 1
    else:
        low, high = space.low, space.high
    low, high = np.asarray(low, np.float64), np.asarray(high, np.float64)
    if carrier == 'i32' and (low.min(initial=0) < -(2**31) or high.max(initial=0) >= 2**31):
        carrier = 'f64'
    shape = [int(size) for size in space.shape]
    return {'dtype': carrier, 'shape': shape, 'low': low, 'high': high}


def lives_in(info: dict[str, Any]) -> int:
    lives = info.get('lives', -1)
    return int(lives) if isinstance(lives, int | np.integer) else -1
