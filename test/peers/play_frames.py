"""Plays games in ALE and preprocesses their frames with scikit-image, OpenCV, Gymnasium and ALE itself."""

import json
import sys

import ale_py
import cv2
import gymnasium
import numpy as np
from ale_py import roms
from gymnasium.wrappers import AtariPreprocessing
from skimage.transform import resize

SKIP = 4


def emulator(game, averages):
    ale = ale_py.ALEInterface()
    ale.setFloat('repeat_action_probability', 0.0)
    ale.setInt('random_seed', 1)
    ale.setBool('color_averaging', averages)
    ale.loadROM(str(roms.get_rom_path(game)))
    return ale


def luminance(frame):
    red, green, blue = np.moveaxis(frame.astype(np.float64), -1, 0)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def play(game, steps):
    plain, averaging = emulator(game, False), emulator(game, True)
    actions = plain.getMinimalActionSet()
    rng = np.random.default_rng(1)
    played = {name: [] for name in ('rgb', 'rgb_before', 'grey', 'grey_before')}
    neon = []
    for _ in range(steps):
        action = actions[rng.integers(len(actions))]
        for _ in range(SKIP):
            rgb_before, grey_before = plain.getScreenRGB(), plain.getScreenGrayscale()
            plain.act(action)
            averaging.act(action)
        assert not plain.game_over()
        shown = (plain.getScreenRGB(), rgb_before, plain.getScreenGrayscale(), grey_before)
        for frames, frame in zip(played.values(), shown, strict=True):
            frames.append(frame)
        neon.append(cv2.resize(averaging.getScreenGrayscale(), (84, 84)))
    arrays = {name: np.stack(frames) for name, frames in played.items()}
    return {
        **arrays,
        **resized(arrays['rgb']),
        'nature': wrapped(game, steps),
        'neon': np.stack(neon),
    }


def resized(frames):
    """Patel's sums are left as they are: their last digits may decide what a whole number is rounded to."""
    small = [resize(luminance(frame)[25:], (80, 80)) for frame in frames]
    patel, mnih = [], []
    for time, frame in enumerate(frames):
        newest, second, third, oldest = (small[max(time - age, 0)] for age in range(4))
        patel.append(newest + 0.75 * second + 0.5 * third + 0.25 * oldest)
        brightest = np.maximum(frame, frames[max(time - 1, 0)])
        mnih.append(resize(luminance(brightest), (84, 84)) > 5)
    return {'patel': np.stack(patel), 'mnih': np.stack(mnih).astype(np.uint8)}


def wrapped(game, steps):
    """The same play through Gymnasium's wrapper."""
    environment = gymnasium.make(
        'ALE/' + ''.join(word.capitalize() for word in game.split('_')) + '-v5',
        frameskip=1,
        repeat_action_probability=0.0,
    )
    environment = AtariPreprocessing(environment, noop_max=0, frame_skip=SKIP, screen_size=84)
    environment.reset(seed=0)
    rng = np.random.default_rng(1)
    return np.stack(
        [environment.step(rng.integers(environment.action_space.n))[0] for _ in range(steps)]
    )


request = json.load(sys.stdin)
ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)
gymnasium.register_envs(ale_py)
np.savez(request['file'], **play(request['game'], request['steps']))
print(json.dumps({}))
