"""Real Breakout frames as Patel's network sees them: frames.py OUT.npz ROWS SEED. Never committed: ROMs are not ours.

A random agent plays with four emulator frames a step and no sticky actions, a random number of no-ops first.
"""

import sys
from collections import deque

import ale_py
import numpy as np
from ale_py import roms

FRAME_SKIP = 4
STEPS_BETWEEN_ROWS = 7  # so that neighbouring rows share no frame
FIRST_ROW = 60  # agent steps into the play, when bricks have gone and the ball moves
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
WEIGHTS = (1.0, 0.75, 0.5, 0.25)  # newest to oldest
FIRST_PIXEL_ROW = 25  # the score above is dropped
SIDE = 80


def resize_matrix(size, wanted):
    """One axis of scikit-image's resize: Gaussian blur with mirrored borders, then linear interpolation."""
    factor = size / wanted
    deviation = (factor - 1) / 2
    radius = int(4 * deviation + 0.5)
    offsets = np.arange(-radius, radius + 1)
    kernel = np.exp(-0.5 * (offsets / deviation) ** 2)
    kernel /= kernel.sum()
    blur = np.zeros((size, size))
    for i in range(size):
        for offset, share in zip(offsets, kernel, strict=True):
            j = abs(i + offset)
            blur[i, j if j < size else 2 * (size - 1) - j] += share
    places = factor * (np.arange(wanted) + 0.5) - 0.5
    low = np.floor(places).astype(int)
    pick = np.zeros((wanted, size))
    pick[np.arange(wanted), low] = 1 - (places - low)
    pick[np.arange(wanted), np.minimum(low + 1, size - 1)] += places - low
    return pick @ blur


def shrink(screen):
    grey = screen[FIRST_PIXEL_ROW:].astype(float) @ LUMINANCE
    height, width = grey.shape
    small = resize_matrix(height, SIDE) @ grey @ resize_matrix(width, SIDE).T
    return small.clip(grey.min(), grey.max())


def observe(newest_first):
    mixed = sum(weight * frame for weight, frame in zip(WEIGHTS, newest_first, strict=True))
    return np.minimum(mixed, 255).astype(np.uint8).ravel()


def play(rows, seed):
    random = np.random.default_rng(seed)
    ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)
    ale = ale_py.ALEInterface()
    ale.setFloat('repeat_action_probability', 0.0)
    ale.setInt('random_seed', seed)
    ale.loadROM(roms.get_rom_path('breakout'))
    actions = ale.getMinimalActionSet()
    frames = deque(maxlen=len(WEIGHTS))
    step = 0
    while True:
        if ale.game_over() or not frames:
            ale.reset_game()
            for _ in range(random.integers(4, 31)):
                ale.act(actions[0])
            frames.extend([shrink(ale.getScreenRGB())] * len(WEIGHTS))
        action = random.choice(actions)
        for _ in range(FRAME_SKIP):
            ale.act(action)
        frames.appendleft(shrink(ale.getScreenRGB()))
        step += 1
        if step >= FIRST_ROW and step % STEPS_BETWEEN_ROWS == 0:
            yield observe(frames)


def main():
    out, rows, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    stream = play(rows, seed)
    pixels = np.stack([next(stream) for _ in range(rows)])
    np.savez(out, observations=(pixels / 255).astype(np.float32))


if __name__ == '__main__':
    main()
