"""Games of the Arcade Learning Environment, driven without Gymnasium between."""

from typing import Any

import numpy as np

from ..fields import Fields
from ..wire import mismatch
from .group import TERMINATED, TRUNCATED, Copy, Description, Group, OneByOne, Played

MOST_FRAME_SKIP = 1000
MOST_FRAMES = 2**31 - 1


class AleOptions:
    def __init__(self, fields: Fields):
        self.game = fields.text('game')
        self.frame_skip = fields.whole('frameSkip', 4, 1, MOST_FRAME_SKIP)
        self.sticky = fields.fraction('sticky', 0.0)
        self.full_actions = fields.flag('fullActions', False)
        self.mode = fields.whole('mode', None, 0, MOST_FRAMES)
        self.difficulty = fields.whole('difficulty', None, 0, MOST_FRAMES)
        self.pixels = fields.one_of('pixels', ('rgb', 'gray'), 'rgb')
        self.picture = fields.flag('picture', False)
        self.max_frames = fields.whole('maxFrames', None, 1, MOST_FRAMES)
        fields.done()


def make(fields: Fields, count: int) -> Group:
    options = AleOptions(fields)
    return OneByOne([AleCopy(options, number) for number in range(count)])


class AleCopy(Copy):
    """One emulator. Without sticky actions every episode is the same but for its actions, so it begins from a snapshot:
    loading the game anew takes 80 ms, and `reset_game` leaves traces of the episode before in some games."""

    def __init__(self, options: AleOptions, number: int):
        import ale_py
        from ale_py import roms

        self._options = options
        self._number = number
        ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)
        self._rom = (
            roms.get_rom_path(options.game) if options.game in roms.get_all_rom_ids() else None
        )
        # Loading a game that it does not support ends the process: the games for two players are among them.
        if self._rom is None or ale_py.ALEInterface.isSupportedROM(self._rom) is None:
            expected = f'a game of ale-py {ale_py.__version__} for one player'
            raise mismatch('E_ARGUMENT', "environment 'game'", expected, options.game)
        self._ale = ale = ale_py.ALEInterface()
        ale.setFloat('repeat_action_probability', options.sticky)
        if options.max_frames is not None:
            ale.setInt('max_num_frames_per_episode', options.max_frames)
        self._load(number)
        legal, minimal = ale.getLegalActionSet(), ale.getMinimalActionSet()
        self._actions = legal if options.full_actions else minimal
        self._noop = ale_py.Action.NOOP
        rgb = options.pixels == 'rgb'
        self._get_screen = ale.getScreenRGB if rgb else ale.getScreenGrayscale
        self.shape = tuple(ale.getScreenDims()) + ((3,) if rgb else ())
        self._snapshot = None
        if options.sticky == 0:
            ale.reset_game()
            self._first = np.empty(self.shape, np.uint8)
            self._get_screen(self._first)
            self._first_picture = ale.getScreenRGB() if options.picture else None
            self._snapshot = ale.cloneSystemState()

    def describe(self) -> Description:
        return Description(
            action={
                'kind': 'discrete',
                'count': len(self._actions),
                'start': 0,
                'names': [action.name for action in self._actions],
            },
            observation={'dtype': 'u8', 'shape': list(self.shape), 'low': 0, 'high': 255},
            frames=2,
            picture=list(self._ale.getScreenDims()) if self._options.picture else None,
            lives=self._ale.lives(),
            max_steps=None
            if self._options.max_frames is None
            else -(-self._options.max_frames // self._options.frame_skip),
            noop=True,
        )

    def reset(self, seed: int | None, noops: int, slot: dict[str, np.ndarray]) -> int:
        if seed is not None and self._snapshot is None:
            self._load(seed)
        self._begin(slot)
        for _ in range(noops):
            self._advance(self._noop, 1, slot)
            if self._ale.game_over():
                self._begin(slot)
        return self._ale.lives()

    def step(self, action: int, slot: dict[str, np.ndarray]) -> Played:
        ale = self._ale
        reward = self._advance(self._actions[action], self._options.frame_skip, slot)
        flags = 0
        if ale.game_over():
            terminated = TERMINATED if ale.game_over(with_truncation=False) else 0
            flags = terminated | (TRUNCATED if ale.game_truncated() else 0)
        return float(reward), flags, ale.lives()

    def render(self) -> np.ndarray:
        return self._ale.getScreenRGB()

    def _load(self, seed: int) -> None:
        """The seed becomes the emulator's as in Gymnasium's AtariEnv.seed_game (ale_py/env.py)."""
        ale = self._ale
        emulator_seed = np.random.SeedSequence(seed).generate_state(2)[1].astype(np.int32)
        ale.setInt('random_seed', int(emulator_seed))
        ale.loadROM(self._rom)
        for what, value, available, choose in [
            ('mode', self._options.mode, ale.getAvailableModes(), ale.setMode),
            (
                'difficulty',
                self._options.difficulty,
                ale.getAvailableDifficulties(),
                ale.setDifficulty,
            ),
        ]:
            if value is None:
                continue
            if value not in available:
                expected = ' | '.join(str(choice) for choice in available)
                raise mismatch('E_ARGUMENT', f"environment '{what}'", expected, value)
            choose(value)

    def _begin(self, slot: dict[str, np.ndarray]) -> None:
        """The frame before the first is the first."""
        if self._snapshot is None:
            self._ale.reset_game()
            self._show(slot)
        else:
            self._ale.restoreSystemState(self._snapshot)
            # A snapshot holds the machine but not the picture that it has drawn.
            slot['newest'][...] = self._first
            if 'picture' in slot:
                slot['picture'][...] = self._first_picture
        slot['previous'][...] = slot['newest']

    def _advance(self, action: Any, frames: int, slot: dict[str, np.ndarray]) -> int:
        ale = self._ale
        reward = 0
        for frame in range(frames):
            if frame > 0:
                # Nobody knows yet whether the game ends in the next frame.
                self._get_screen(slot['previous'])
            reward += ale.act(action)
            if ale.game_over():
                break
        if frame == 0:
            slot['previous'][...] = slot['newest']
        self._show(slot)
        return reward

    def _show(self, slot: dict[str, np.ndarray]) -> None:
        self._get_screen(slot['newest'])
        if 'picture' in slot:
            self._ale.getScreenRGB(slot['picture'])
