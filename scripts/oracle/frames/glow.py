"""ALE's colour averaging in NumPy, and whether it is ALE's."""

from pathlib import Path

import ale_py
import numpy as np
from ale_py import roms

GAMES = ['breakout', 'pong', 'space_invaders', 'carnival', 'yars_revenge']
STEPS = 240
NTSC_COLOURS = 128


class Averager:
    def __init__(self, palette):
        """Of 128 colours, RGB, in the order of their codes."""
        levels = np.arange(0, 256, 4)
        red, green, blue = (np.abs(levels[:, None] - palette[:, c].astype(int)) for c in range(3))
        nearest = np.stack(
            [np.argmin(r + green[:, None] + blue[None], axis=-1) for r in red]
        )  # the first of several
        grey = np.floor(palette @ np.array([0.2989, 0.587, 0.114]) + 0.5).astype(np.uint8)
        self.table = grey[nearest]

    def grey(self, newest, before):
        larger = np.maximum(newest, before).astype(int)
        smaller = np.minimum(newest, before).astype(int)
        blended = smaller + (larger - smaller) * 77 // 100
        return self.table[tuple(np.moveaxis(blended >> 2, -1, 0))]


def emulator(game, averages):
    ale = ale_py.ALEInterface()
    ale.setFloat('repeat_action_probability', 0.0)
    ale.setInt('random_seed', 1)
    ale.setBool('color_averaging', averages)
    ale.loadROM(str(roms.get_rom_path(game)))
    return ale


def ntsc_palette():
    """The library holds each colour as a 32-bit number with its grey behind it, black and dark grey first."""
    library = Path(ale_py._ale_py.__file__).read_bytes()
    black_and_grey = np.array([0, 0, 0x4A4A4A, 0x4A4A4A], '<u4').tobytes()
    begin = library.index(black_and_grey)
    pairs = np.frombuffer(library, '<u4', 2 * NTSC_COLOURS, begin).reshape(-1, 2)
    return np.stack([pairs[:, 0] >> shift & 255 for shift in (16, 8, 0)], axis=1).astype(np.uint8)


def check_against_ale(palette):
    """Every pixel of some games, also of those whose screens are larger. Returns the number of frames."""
    averager = Averager(palette)
    ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)
    checked = 0
    for game in GAMES:
        rng = np.random.default_rng(3)
        plain, averaging = emulator(game, False), emulator(game, True)
        actions = plain.getMinimalActionSet()
        before = plain.getScreenRGB()
        for _ in range(STEPS):
            action = actions[rng.integers(len(actions))]
            plain.act(action)
            averaging.act(action)
            newest, codes = plain.getScreenRGB(), plain.getScreen()
            assert np.array_equal(palette[codes >> 1], newest)
            assert np.array_equal(averager.grey(newest, before), averaging.getScreenGrayscale())
            before = newest
            checked += 1
            if plain.game_over():
                break
    return checked
