"""Frames of no game: noise that a test can make again, and a game of rectangles."""

import numpy as np

# As many colours as fit on the screens below, of the NTSC palette of the Atari 2600.
BLACK = (0, 0, 0)
WALL = (142, 142, 142)
ROWS = [(200, 72, 72), (198, 108, 58), (180, 122, 48), (162, 162, 42), (72, 160, 72), (66, 72, 200)]
BALL = (213, 130, 74)


def hashed(seed, size):
    """32-bit numbers: the finaliser of MurmurHash3 over a count from seed * 0x9e3779b9."""
    x = np.arange(size, dtype=np.uint32) + np.uint32(seed * 0x9E3779B9 & 0xFFFFFFFF)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x85EBCA6B)
    x ^= x >> np.uint32(13)
    x *= np.uint32(0xC2B2AE35)
    x ^= x >> np.uint32(16)
    return x


def noise(seed, shape):
    return (hashed(seed, int(np.prod(shape))) >> np.uint32(24)).astype(np.uint8).reshape(shape)


def dim(seed, shape):
    """Mostly nearly black: luminances on both sides of 5."""
    drawn = hashed(seed, int(np.prod(shape)))
    bright = (drawn & np.uint32(15)) == 0
    shifted = np.where(bright, drawn >> np.uint32(24), drawn >> np.uint32(29))
    return shifted.astype(np.uint8).reshape(shape)


MAKERS = {'noise': noise, 'dim': dim}


def game(count):
    """RGB frames of a ball between bricks and a paddle, two emulator frames for each step."""
    return np.stack([game_frame(time) for time in range(count)])


def game_frame(time):
    frame = np.zeros((210, 160, 3), np.uint8)
    frame[5:15, 36:48] = WALL
    frame[5:15, 100 + time % 7 : 112] = WALL
    frame[17:32] = WALL
    frame[32:196, :8] = WALL
    frame[32:196, 152:] = WALL
    for row, colour in enumerate(ROWS):
        frame[57 + 6 * row : 63 + 6 * row, 8:152] = colour
    for brick in range(time // 2):
        row, column = 5 - brick % 3, brick * 5 % 18
        frame[57 + 6 * row : 63 + 6 * row, 8 + 8 * column : 16 + 8 * column] = BLACK
    if time % 3 != 2:  # it flickers
        y, x = 100 + 5 * time % 80, 20 + 11 * time % 120
        frame[y : y + 4, x : x + 2] = BALL
    paddle = 60 + 9 * time % 70
    frame[189:193, paddle : paddle + 16] = ROWS[0]
    return frame
