"""Preprocessing of Patel et al. and of Mnih et al. in binary, with scikit-image's resize."""

import numpy as np
from skimage.transform import resize

# Nearer than this to where an observation jumps, any order of sums may decide.
CLOSE = 1e-9


def luminance(frame):
    red, green, blue = np.moveaxis(frame.astype(np.float64), -1, 0)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def patel(frames):
    resized = [resize(luminance(frame)[25:], (80, 80)) for frame in frames]
    observations = []
    for time in range(len(frames)):
        newest, second, third, oldest = (resized[max(time - age, 0)] for age in range(4))
        total = newest + 0.75 * second + 0.5 * third + 0.25 * oldest
        below = total[total < 255 - CLOSE]
        near = np.abs(below - np.rint(below)) < CLOSE
        assert not np.any(near & (np.abs(below) > CLOSE)), 'a value that may be rounded either way'
        # Black adds up to 0, however small the sums on the way there are.
        observations.append(np.minimum(np.maximum(total, 0), 255).astype(np.uint8))
    return np.stack(observations)


def mnih(frames):
    observations = []
    for time, frame in enumerate(frames):
        brightest = np.maximum(frame, frames[max(time - 1, 0)])
        resized = resize(luminance(brightest), (84, 84))
        assert np.abs(resized - 5).min() > CLOSE, 'a value at the threshold'
        observations.append((resized > 5).astype(np.uint8))
    return np.stack(observations)
